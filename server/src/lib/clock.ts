/** The two clocks of the machine. Use `now` for timestamps, `elapsed` for measuring, waiting and limits. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. It may jump either way. */
  now(): number
  /** Monotonic clock of the machine, milliseconds from an arbitrary start: the same in all its processes. */
  elapsed(): number
}

/** Both use the same clock: `performance.now` counts from process start, `process.hrtime` from machine start. */
const PROCESS_STARTED = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => PROCESS_STARTED + performance.now(),
}

/**
 * Wall-clock time as of this call, advanced by the monotonic clock: comparable with stored times, but later changes of
 * the wall clock do not move it.
 */
export function steadyTime(clock: Clock): () => number {
  const ahead = clock.now() - clock.elapsed()
  return () => Math.round(ahead + clock.elapsed())
}
