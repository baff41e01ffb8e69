import type { Clock } from '../../lib/clock.js'
import type { JobQueue, JobRef } from '../../storage/store.js'
import type { Log } from './log.js'

interface LeaseOptions {
  readonly jobs: Pick<JobQueue, 'renew'>
  readonly job: JobRef
  readonly owner: string
  readonly leaseMs: number
  readonly clock: Clock
  readonly logger: Log
}

/** Renewals within one lease: two may fail before it runs out. */
const RENEWALS = 3

/** Keeps a claimed job ours by renewing its lease; calls `lost` once when that is no longer so. Returns the undo. */
export function keepLease({ jobs, job, owner, leaseMs, clock, logger }: LeaseOptions, lost: () => void): () => void {
  let expiresAt = clock.elapsed() + leaseMs
  const timer = setInterval(async () => {
    try {
      const askedAt = clock.elapsed()
      if (await jobs.renew(job, owner, leaseMs)) {
        expiresAt = askedAt + leaseMs
        return
      }
      expiresAt = askedAt
    } catch (error) {
      logger.warn({ err: error, jobId: job.id }, 'the lease of a job was not renewed')
    }
    if (clock.elapsed() >= expiresAt) {
      clearInterval(timer)
      lost()
    }
  }, leaseMs / RENEWALS)
  return () => clearInterval(timer)
}
