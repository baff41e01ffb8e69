/** The two clocks of a machine. Date things with `now`; measure, wait and limit with `elapsed`. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. It may jump either way. */
  now(): number
  /** Monotonic clock, milliseconds from an arbitrary start. */
  elapsed(): number
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
}

/**
 * Wall-clock time as of this call, advanced by the monotonic clock: comparable with stored times, but later changes of
 * the wall clock do not move it.
 */
export function steadyTime(clock: Clock): () => number {
  const ahead = clock.now() - clock.elapsed()
  return () => Math.round(ahead + clock.elapsed())
}
