/** uWS looks at its timeouts once in so many seconds. */
const SWEEP_SECONDS = 4

/**
 * The `idleTimeout` for uWS, in seconds, with which a silent socket is dropped no sooner than after this time. What uWS is
 * given is an upper bound: it counts sweeps, of which the first may come at once.
 */
export function uwsIdleTimeout(idleTimeoutMs: number): number {
  const sweeps = Math.ceil(idleTimeoutMs / 1000 / SWEEP_SECONDS)
  return (sweeps + 1) * SWEEP_SECONDS
}
