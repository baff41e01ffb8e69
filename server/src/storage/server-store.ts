import type { ChatMessage, Id, Job } from '@cuewire/protocol'
import type { EventDraft, EventLog } from './event-log.js'
import type { OfTenant } from './of-tenant.js'
import type { JobWithVideo, Store, UploadSummary } from './store.js'

export type JobRef = OfTenant<{ readonly id: Id }>
/** `deaths`: workers that died while they ran it, since somebody last wanted it. */
export type ClaimedJob = OfTenant<JobWithVideo & { readonly deaths: number }>

/**
 * The jobs of all tenants, and whose turn it is. A claimed job belongs to its owner until its lease runs out. Leases are
 * timed by the monotonic clock of the machine.
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
    /** Nothing else runs here, and nothing will while it does, if it may be deadly. */
    readonly alone: boolean
    /** What its claim tells, written together with it. */
    readonly events?: (claimed: JobWithVideo) => readonly EventDraft[]
  }): Promise<ClaimedJob | undefined>
  /** The owner has crashed: it counts against the jobs that it held, and their leases run out now. */
  crashed(owner: string): Promise<void>
  /** Running jobs that crashed, or whose lease ran out, too often; `claim` skips them. */
  abandoned(options: {
    readonly maxCrashes: number
    readonly maxDeaths: number
    readonly except: readonly JobRef[]
  }): Promise<OfTenant<{ readonly job: Job }>[]>
  /** Prolongs the lease; false when the job is no longer the owner's to run. */
  renew(job: JobRef, owner: string, leaseMs: number): Promise<boolean>
  /** Nothing of a job runs any more that ended under its owner's hands. */
  letGo(job: JobRef, owner: string): Promise<void>
  /** The leases of processes that are dead run out now. */
  expireDead(): Promise<void>
}

/** What is looked after for all tenants at once. */
export interface Upkeep {
  /** Unfinished uploads, the first to expire first; only those that expire by a time, if told. */
  uploads(expiredAt?: string): Promise<OfTenant<UploadSummary>[]>
  /** Videos in state `queued` without any job, oldest first: a crash came between the two. */
  videosWithoutJob(): Promise<OfTenant<{ readonly videoId: Id }>[]>
  /** Videos and uploads that were removed and whose files are still to go; the first ones, or those that follow `after`. */
  removals(limit: number, after?: OfTenant<{ readonly videoId: Id }>): Promise<OfTenant<{ readonly videoId: Id }>[]>
  filesRemoved(removal: OfTenant<{ readonly videoId: Id }>): Promise<void>
  /** Removes the results that were replaced when a process died, in steps between which other work gets its turn. */
  dropReplacedResults(): Promise<void>
  /** Messages left `answering` by a process that is dead. */
  unfinishedAnswers(): Promise<OfTenant<{ readonly message: ChatMessage }>[]>
  /** Drops outcomes created at `untilMs` or earlier, the oldest first, at most `limit`; how many. */
  expireOutcomes(untilMs: number, limit: number): Promise<number>
}

/** Everything that outlives the process, of all tenants. */
export interface ServerStore {
  /** The part of one tenant; any name will do, and costs nothing until something is stored. */
  for(tenant: string): Store
  readonly queue: JobQueue
  readonly upkeep: Upkeep
  readonly log: EventLog
  /** Throws when nothing can be read any more. */
  check(): Promise<undefined>
  close(): Promise<void>
}
