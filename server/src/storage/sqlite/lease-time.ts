import { assert } from '../../lib/assert.js'
import type { Clock } from '../../lib/clock.js'

/** Longer than any lease: one that ends later than this is of another boot of the machine, whose clock began anew. */
export const LONGEST_LEASE_MS = 10 * 60 * 1000

/** When a lease that begins now runs out, in milliseconds of the monotonic clock. */
export function leaseEnd(leaseMs: number, clock: Pick<Clock, 'elapsed'>): number {
  assert(leaseMs < LONGEST_LEASE_MS, 'a lease is short')
  return Math.ceil(clock.elapsed() + leaseMs)
}

/** Whether a lease that ends then has not run out. */
export function isInForce(until: number | null, clock: Pick<Clock, 'elapsed'>): boolean {
  const leftMs = until === null ? 0 : until - clock.elapsed()
  return leftMs > 0 && leftMs <= LONGEST_LEASE_MS
}
