/** uWS checks its timeouts once in so many seconds. */
const SWEEP_SECONDS = 4

/**
 * The `idleTimeout` for uWS, in seconds, that drops a silent socket no sooner than after this time. uWS takes the value as
 * an upper bound: it counts sweeps, and the first may come at once.
 */
export function uwsIdleTimeout(idleTimeoutMs: number): number {
  const sweeps = Math.ceil(idleTimeoutMs / 1000 / SWEEP_SECONDS)
  return (sweeps + 1) * SWEEP_SECONDS
}
