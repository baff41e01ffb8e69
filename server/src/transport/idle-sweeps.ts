/** Transports check for silent sockets once in so many seconds. */
export const SWEEP_SECONDS = 4

/** Sweeps before the end at which a silent socket is sent a ping: 16 s, or 8 s where the timeout is short. */
const PING_SWEEPS = 4
const SHORT_PING_SWEEPS = 2

/** What befalls a silent socket, in sweeps since it was last heard. */
export interface IdleSweeps {
  readonly ping: number
  readonly end: number
}

/** Drops a silent socket no sooner than after this time: the first sweep may come at once, so there is one more. */
export function idleSweeps(idleTimeoutMs: number): IdleSweeps {
  const end = Math.ceil(idleTimeoutMs / 1000 / SWEEP_SECONDS) + 1
  return { ping: end - (end < 2 * PING_SWEEPS ? SHORT_PING_SWEEPS : PING_SWEEPS), end }
}
