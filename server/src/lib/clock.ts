/** The time of day and the time that passes: whatever is measured, waited for or limited goes by the second. */
export interface Clock {
  /** Milliseconds since 1970. For timestamps and for what others date, such as tokens; it may jump either way. */
  now(): number
  /** Milliseconds since some moment in the past. For durations; it never goes back. */
  elapsed(): number
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
}

/**
 * The time of day as it was when this was called, plus what has passed since: comparable with stored times, and no jump
 * of the clock moves it.
 */
export function steadyTime(clock: Clock): () => number {
  const ahead = clock.now() - clock.elapsed()
  return () => Math.round(ahead + clock.elapsed())
}
