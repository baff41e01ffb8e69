import { sql } from 'kysely'
import { assert } from '../../lib/assert.js'
import type { Clock } from '../../lib/clock.js'

/** Longer than any lease: one that ends later than this is of another boot of the machine, whose clock began anew. */
const LONGEST_LEASE_MS = 10 * 60 * 1000

/** When a lease that begins now runs out, in milliseconds of the monotonic clock. */
export function leaseEnd(leaseMs: number, clock: Pick<Clock, 'elapsed'>): number {
  assert(leaseMs < LONGEST_LEASE_MS, 'a lease is short')
  return Math.ceil(clock.elapsed() + leaseMs)
}

/** Whether nobody holds a lease that ends when the column says. */
export function isFree(until: 'jobs.lease_until' | 'uploads.held_until', clock: Pick<Clock, 'elapsed'>) {
  const [end, now] = [sql.ref(until), Math.floor(clock.elapsed())]
  return sql<boolean>`(${end} is null or ${end} <= ${now} or ${end} > ${now + LONGEST_LEASE_MS})`
}
