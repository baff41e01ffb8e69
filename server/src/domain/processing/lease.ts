import type { Clock } from '../../lib/clock.js'
import type { JobQueue, JobRef } from '../../storage/server-store.js'
import type { Log } from './log.js'

interface LeaseOptions {
  readonly jobs: Pick<JobQueue, 'renew'>
  readonly job: JobRef
  readonly owner: string
  readonly leaseMs: number
  readonly clock: Clock
  readonly logger: Log
}

/** So soon a worker learns that its job was cancelled, even if no notice of it comes. */
const RENEW_MS = 500

/** A claimed job that is kept ours by renewing its lease. */
export interface Lease {
  /** Looks at once whether the job is still ours. */
  check(): void
  end(): void
}

/** Keeps the lease of a job, and calls `lost` once when the job is no longer ours. */
export function keepLease({ jobs, job, owner, leaseMs, clock, logger }: LeaseOptions, lost: () => void): Lease {
  let expiresAt = clock.elapsed() + leaseMs
  const renew = async () => {
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
  }
  const timer = setInterval(renew, Math.min(RENEW_MS, leaseMs / 3))
  return { check: () => void renew(), end: () => clearInterval(timer) }
}
