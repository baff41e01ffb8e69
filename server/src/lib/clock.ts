/** The two clocks of a machine. Date things with `now`; measure, wait and limit with `elapsed`. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. It may jump either way. */
  now(): number
  /** Monotonic clock of the machine, milliseconds from an arbitrary start: the same in all its processes. */
  elapsed(): number
}

/** `performance.now` counts from the start of the process, `process.hrtime` from that of the machine, by the same clock. */
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
