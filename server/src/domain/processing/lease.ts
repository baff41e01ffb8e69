import type { Id } from '@cuewire/protocol'
import type { Clock } from '../../lib/clock.js'
import type { JobStore } from '../../storage/store.js'
import type { Log } from './log.js'

interface LeaseOptions {
  readonly jobs: Pick<JobStore, 'renew'>
  readonly jobId: Id
  readonly owner: string
  readonly leaseMs: number
  readonly clock: Clock
  readonly logger: Log
}

/** Renewals within one lease: two may fail before it runs out. */
const RENEWALS = 3

/** Keeps a claimed job ours by renewing its lease; calls `lost` once when that is no longer so. Returns the undo. */
export function keepLease({ jobs, jobId, owner, leaseMs, clock, logger }: LeaseOptions, lost: () => void): () => void {
  let expiresAt = clock.elapsed() + leaseMs
  const timer = setInterval(async () => {
    try {
      const askedAt = clock.elapsed()
      if (await jobs.renew(jobId, owner, leaseMs)) {
        expiresAt = askedAt + leaseMs
        return
      }
      expiresAt = askedAt
    } catch (error) {
      logger.warn({ err: error, jobId }, 'the lease of a job was not renewed')
    }
    if (clock.elapsed() >= expiresAt) {
      clearInterval(timer)
      lost()
    }
  }, leaseMs / RENEWALS)
  return () => clearInterval(timer)
}
