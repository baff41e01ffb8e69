import { assert } from '../../lib/assert.js'
import { pause } from '../../lib/pause.js'
import type { OfTenant } from '../../storage/of-tenant.js'
import type { ClaimedJob, JobQueue, JobRef } from '../../storage/server-store.js'
import { endJob } from './end-job.js'
import { type AbortKind, JobAbort } from './job-abort.js'
import { stateEvents } from './job-events.js'
import { JobRun } from './job-run.js'
import { keepLease, type Lease } from './lease.js'
import type { ProcessingPorts } from './ports.js'
import { runJob } from './run-job.js'

/** A job fails after this many crashes of the worker in a row without a new result, */
const MAX_CRASHES = 3
/** or after this many worker deaths in total, including those by a signal from outside. */
const MAX_DEATHS = 25
/** How often the queue is polled. Jobs come from other processes, and a notice may be lost. */
const LOOK_MS = 1000

/** Options of a worker. */
export interface WorkerOptions {
  readonly jobs: JobQueue
  /** Dependencies of the jobs of a tenant. */
  readonly portsOf: (tenant: string) => ProcessingPorts
  /** Id of this worker in the leases of its jobs. */
  readonly owner: string
  /** How long a job stays leased to a worker that has stopped renewing. */
  readonly leaseMs: number
  /** Jobs that run at the same time, of all tenants. */
  readonly concurrency: number
  /** The server's own log. */
  readonly logger: ProcessingPorts['logger']
}

interface Running {
  readonly ref: JobRef
  readonly controller: AbortController
  readonly lease: Lease
  readonly ended: Promise<void>
  /** A worker has died while running it. */
  readonly maybeDeadly: boolean
}

/** Claims the jobs of all tenants and runs them, a few at a time, until it is closed. */
export class Worker {
  readonly #running = new Set<Running>()
  #loops: Promise<unknown> | undefined
  #wake = new AbortController()
  #claiming: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(private readonly options: WorkerOptions) {}

  start(): void {
    this.#loops ??= Promise.all(Array.from({ length: this.options.concurrency }, () => this.#loop()))
  }

  /** Looks for a job now, because one was queued. */
  wake(): void {
    this.#wake.abort()
    this.#wake = new AbortController()
  }

  /** Checks now whether a job was cancelled. */
  check({ tenant, id }: JobRef): void {
    for (const { ref, lease } of this.#running) if (ref.id === id && ref.tenant === tenant) lease.check()
  }

  /** Stops claiming, stops running jobs so that another start continues them, and waits. */
  async close(): Promise<void> {
    this.#closed = true
    this.wake()
    for (const { controller } of this.#running) controller.abort(new JobAbort('closing'))
    await this.#loops
  }

  async #loop(): Promise<void> {
    while (!this.#closed) {
      // Taken before the claim, so that a job queued meanwhile is not missed.
      const woken = this.#wake.signal
      const claimed = await this.#next()
      await claimed?.ended
      // Waits until a job is queued, the worker closes, or the poll interval has passed.
      if (!claimed && !this.#closed) await pause(LOOK_MS, woken)
    }
  }

  /** Claims and starts a job, if there is one. One claim at a time, so that each sees the one before. */
  #next(): Promise<Running | undefined> {
    const next = this.#claiming.then(async () => {
      try {
        const claimed = await this.#claim()
        return claimed && this.#run(claimed)
      } catch (error) {
        this.options.logger.error({ err: error }, 'no job could be claimed')
        return undefined
      }
    })
    this.#claiming = next
    return next
  }

  /** Claims the next job that is not running here. Fails jobs whose workers have died too often. */
  async #claim(): Promise<ClaimedJob | undefined> {
    const { jobs, owner, leaseMs } = this.options
    const running = [...this.#running]
    // A crash takes down all jobs in this process.
    if (running.some(({ maybeDeadly }) => maybeDeadly)) return undefined
    const claimable = { maxCrashes: MAX_CRASHES, maxDeaths: MAX_DEATHS, except: running.map(({ ref }) => ref) }
    await jobs.expireDead()
    for (const abandoned of await jobs.abandoned(claimable)) await this.#giveUp(abandoned)
    for (;;) {
      const alone = running.length === 0
      const claimed = await jobs.claim({ owner, leaseMs, alone, ...claimable, events: stateEvents })
      // A job with a damaged record has failed; go on to the next one.
      if (claimed?.job.state !== 'failed') return claimed
    }
  }

  async #giveUp({ tenant, job }: OfTenant<Pick<ClaimedJob, 'job'>>): Promise<void> {
    const { store, clock, logger } = this.options.portsOf(tenant)
    const running = job.stages.filter(({ state }) => state === 'running').map(({ name }) => name)
    const where = running.length > 0 ? ` in ${running.join(', ')}` : ''
    const reason = `The worker crashed again and again while it ran this job, the last time${where}.`
    const at = new Date(clock.now()).toISOString()
    await endJob(job, { state: 'failed', code: 'job.crashed', reason }, { store, logger, at })
  }

  #run({ tenant, job, video, deaths }: ClaimedJob): Running {
    assert(video, 'the store gives no running job without its video')
    const { portsOf, jobs, owner, leaseMs } = this.options
    const ports = portsOf(tenant)
    const ref = { tenant, id: job.id }
    const controller = new AbortController()
    const abort = (kind: AbortKind) => controller.abort(new JobAbort(kind))
    if (this.#closed) abort('closing')
    const lease = keepLease({ ...ports, jobs, job: ref, owner, leaseMs }, () => abort('lease_lost'))
    const ended = runJob(new JobRun(job, ports), video, ports, controller.signal)
      .then(() => jobs.letGo(ref, owner))
      .catch((error: unknown) => ports.logger.error({ err: error, jobId: job.id }, 'the end of a job was not stored'))
      .finally(() => {
        lease.end()
        this.#running.delete(running)
        if (running.maybeDeadly) this.wake()
      })
    const running: Running = { ref, controller, lease, ended, maybeDeadly: deaths > 0 }
    this.#running.add(running)
    return running
  }
}
