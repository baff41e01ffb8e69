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

/** How soon a worker learns that its job was cancelled, even without a notice. */
const RENEW_MS = 500

/** Keeps the lease of a claimed job renewed. */
export interface Lease {
  /** Checks now whether the job is still ours. */
  check(): void
  end(): void
}

/** Renews the lease of a job, and calls `lost` once when the job is no longer ours. */
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
