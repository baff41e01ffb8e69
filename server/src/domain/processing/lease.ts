import type { Id } from '@cuewire/protocol'
import type { JobStore } from '../../storage/store.js'
import type { Log } from './log.js'

interface LeaseOptions {
  readonly jobs: Pick<JobStore, 'renew'>
  readonly jobId: Id
  readonly owner: string
  readonly leaseMs: number
  readonly clock: () => number
  readonly logger: Log
}

/** Renewals within one lease: two may fail before it runs out. */
const RENEWALS = 3

/** Keeps a claimed job ours by renewing its lease; calls `lost` once when that is no longer so. Returns the undo. */
export function keepLease({ jobs, jobId, owner, leaseMs, clock, logger }: LeaseOptions, lost: () => void): () => void {
  let expiresAt = clock() + leaseMs
  const timer = setInterval(async () => {
    try {
      const now = clock()
      if (await jobs.renew(jobId, owner, now, leaseMs)) {
        expiresAt = now + leaseMs
        return
      }
      expiresAt = now
    } catch (error) {
      logger.warn({ err: error, jobId }, 'the lease of a job was not renewed')
    }
    if (clock() >= expiresAt) {
      clearInterval(timer)
      lost()
    }
  }, leaseMs / RENEWALS)
  return () => clearInterval(timer)
}
