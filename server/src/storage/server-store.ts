import type { ChatMessage, Id, Job } from '@cuewire/protocol'
import type { EventDraft, EventLog } from './event-log.js'
import type { OfTenant } from './of-tenant.js'
import type { JobWithVideo, Store, UploadSummary } from './store.js'

export type JobRef = OfTenant<{ readonly id: Id }>
/** `deaths`: worker deaths while running it, since the job was last queued by a user. */
export type ClaimedJob = OfTenant<JobWithVideo & { readonly deaths: number }>

/**
 * The job queue of all tenants. A claimed job belongs to its owner until its lease expires. Leases use the monotonic
 * clock of the machine.
 */
export interface JobQueue {
  /**
   * The next job that nobody holds: of the tenant whose last turn was longest ago the oldest that is queued, or runs with a lease that has
   * run out. It is running now, with `attempt` one higher. Skips `except`, and jobs that `crashed` `maxCrashes` times in a
   * row with nothing found in between, or whose lease ran out `maxDeaths` times in all. One during which a worker has died
   * is claimed only to run `alone`. A damaged job is set back, as by `setState`, and has failed.
   */
  claim(options: {
    readonly owner: string
    readonly leaseMs: number
    readonly maxCrashes: number
    readonly maxDeaths: number
    readonly except: readonly JobRef[]
    /** Set if no other job runs in this process, and none will while a possibly deadly job runs. */
    readonly alone: boolean
    /** Events that announce the claim, written in the same transaction. */
    readonly events?: (claimed: JobWithVideo) => readonly EventDraft[]
  }): Promise<ClaimedJob | undefined>
  /** Records that the owner crashed: this counts against the jobs it held, and their leases expire now. */
  crashed(owner: string): Promise<void>
  /** Running jobs that crashed, or whose lease expired, too often. `claim` skips them. */
  abandoned(options: {
    readonly maxCrashes: number
    readonly maxDeaths: number
    readonly except: readonly JobRef[]
  }): Promise<OfTenant<{ readonly job: Job }>[]>
  /** Number of jobs at least `forMs` old that wait while no job is leased; otherwise 0. */
  unattended(forMs: number): Promise<number>
  /** Extends the lease; false if the job no longer belongs to this owner. */
  renew(job: JobRef, owner: string, leaseMs: number): Promise<boolean>
  /** Releases a job that ended while its owner was running it; nothing of it runs any more. */
  letGo(job: JobRef, owner: string): Promise<void>
  /** Expires the leases of dead processes. */
  expireDead(): Promise<void>
}

/** Maintenance for all tenants together. */
export interface Upkeep {
  /** Unfinished uploads ordered by expiry; with `expiredAt`, only those due by then. */
  uploads(expiredAt?: string): Promise<OfTenant<UploadSummary>[]>
  /** Videos in state `queued` without any job, oldest first, left by a crash between the two writes. */
  videosWithoutJob(): Promise<OfTenant<{ readonly videoId: Id }>[]>
  /** Removed videos and uploads whose files are still to be deleted: the first ones, or those after `after`. */
  removals(limit: number, after?: OfTenant<{ readonly videoId: Id }>): Promise<OfTenant<{ readonly videoId: Id }>[]>
  filesRemoved(removal: OfTenant<{ readonly videoId: Id }>): Promise<void>
  /** Removes replaced results left by a dead process, in steps that let other work run. */
  dropReplacedResults(): Promise<void>
  /** Messages left in state `answering` by a dead process. */
  unfinishedAnswers(): Promise<OfTenant<{ readonly message: ChatMessage }>[]>
  /** Drops outcomes created at `untilMs` or earlier, oldest first, at most `limit`. Returns their number. */
  expireOutcomes(untilMs: number, limit: number): Promise<number>
}

/** All persistent data except blobs, of all tenants. */
export interface ServerStore {
  /** The store of one tenant. Any name works, and nothing is created until the first write. */
  for(tenant: string): Store
  readonly queue: JobQueue
  readonly upkeep: Upkeep
  readonly log: EventLog
  /** Throws if the store can no longer be read. */
  check(): Promise<undefined>
  close(): Promise<void>
}
