/** Interval at which transports check for silent sockets. */
export const SWEEP_SECONDS = 4

/** A silent socket gets a ping this many sweeps before its timeout: 16 s, or 8 s if the timeout is short. */
const PING_SWEEPS = 4
const SHORT_PING_SWEEPS = 2

/** When a silent socket gets a ping and when it is dropped, in sweeps since it was last heard. */
export interface IdleSweeps {
  readonly ping: number
  readonly end: number
}

/** One sweep is added so that no socket is dropped early: the first sweep may come at once. */
export function idleSweeps(idleTimeoutMs: number): IdleSweeps {
  const end = Math.ceil(idleTimeoutMs / 1000 / SWEEP_SECONDS) + 1
  return { ping: end - (end < 2 * PING_SWEEPS ? SHORT_PING_SWEEPS : PING_SWEEPS), end }
}
