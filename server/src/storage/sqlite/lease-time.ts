import { sql } from 'kysely'
import { assert } from '../../lib/assert.js'
import type { Clock } from '../../lib/clock.js'

/** Longer than any lease. A lease that ends later is from an earlier boot of the machine, whose clock has restarted. */
const LONGEST_LEASE_MS = 10 * 60 * 1000

/** Expiry of a lease that starts now, in milliseconds of the monotonic clock. */
export function leaseEnd(leaseMs: number, clock: Pick<Clock, 'elapsed'>): number {
  assert(leaseMs < LONGEST_LEASE_MS, 'a lease is short')
  return Math.ceil(clock.elapsed() + leaseMs)
}

/** Whether a lease with this expiry has ended. */
export function isFree(until: 'jobs.lease_until' | 'uploads.held_until', clock: Pick<Clock, 'elapsed'>) {
  const [end, now] = [sql.ref(until), Math.floor(clock.elapsed())]
  return sql<boolean>`(${end} is null or ${end} <= ${now} or ${end} > ${now + LONGEST_LEASE_MS})`
}
