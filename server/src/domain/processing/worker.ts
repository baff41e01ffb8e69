import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from '@cuewire/protocol'
import { assert } from '../../lib/assert.js'
import type { Mutex } from '../../lib/mutex.js'
import type { ClaimedJob, JobQueue, JobRef } from '../../storage/store.js'
import { type AbortKind, JobAbort } from './job-abort.js'
import { stateEvents } from './job-events.js'
import { JobRun } from './job-run.js'
import { keepLease } from './lease.js'
import type { ProcessingPorts } from './ports.js'
import type { Queue } from './queue.js'
import { runJob } from './run-job.js'

/** A job is not tried again after the server died this many times in a row during it. */
const MAX_ATTEMPTS = 3

/** How the worker behaves. */
export interface WorkerOptions {
  readonly jobs: JobQueue
  /** What the jobs of a tenant work with. */
  readonly portsOf: (tenant: string) => ProcessingPorts
  readonly queueOf: (tenant: string) => Queue
  /** Held by whoever changes which jobs wait or run. */
  readonly turn: Mutex
  /** Names this process in the leases of its jobs. */
  readonly owner: string
  readonly leaseMs: number
  /** Jobs that run at the same time. */
  readonly concurrency: number
  /** The server's own log. */
  readonly logger: ProcessingPorts['logger']
}

interface Running {
  readonly ref: JobRef
  readonly run: JobRun
  readonly controller: AbortController
  readonly ended: Promise<void>
}

/** Claims the jobs of all tenants and runs them, a few at a time, until it is closed. */
export class Worker {
  readonly #running = new Map<string, Running>()
  #loops: Promise<unknown> | undefined
  #wake = new AbortController()
  #closed = false

  constructor(private readonly options: WorkerOptions) {}

  start(): void {
    this.#loops ??= Promise.all(Array.from({ length: this.options.concurrency }, () => this.#loop()))
  }

  /** Looks for a job at once: one was queued. */
  wake(): void {
    this.#wake.abort()
    this.#wake = new AbortController()
  }

  /** The job as it stands, when it runs here. */
  snapshot(job: JobRef): Job | undefined {
    return this.#running.get(nameOf(job))?.run.snapshot()
  }

  /** Stops a job that runs here and waits for its end; false when it does not. */
  async cancel(job: JobRef): Promise<boolean> {
    const running = this.#running.get(nameOf(job))
    if (!running) return false
    running.controller.abort(new JobAbort('cancelled'))
    await running.ended
    return true
  }

  /** Claims no more, stops what runs so that another start continues it, and waits. */
  async close(): Promise<void> {
    this.#closed = true
    this.wake()
    for (const { controller } of this.#running.values()) controller.abort(new JobAbort('closing'))
    await this.#loops
  }

  async #loop(): Promise<void> {
    while (!this.#closed) {
      // Taken before the claim: a job that is queued during it must not be slept over.
      const woken = this.#wake.signal
      const claimed = await this.#next()
      await claimed?.ended
      if (!claimed && !this.#closed) await this.#pause(woken)
    }
  }

  /** The job that was claimed, if one was, on its way. */
  async #next(): Promise<Running | undefined> {
    try {
      // It runs here before anybody else can change the queue.
      return await this.options.turn.run(async () => {
        const claimed = await this.#claim()
        return claimed && this.#run(claimed)
      })
    } catch (error) {
      this.options.logger.error({ err: error }, 'no job could be claimed')
      return undefined
    }
  }

  /** Claims the next job that does not run here already. Fails jobs that have crashed the server too often. */
  async #claim(): Promise<ClaimedJob | undefined> {
    const { jobs, owner, leaseMs, queueOf } = this.options
    const claimable = { maxAttempts: MAX_ATTEMPTS, except: [...this.#running.values()].map(({ ref }) => ref) }
    for (const { tenant, job } of await jobs.abandoned(claimable)) await queueOf(tenant).giveUp(job, MAX_ATTEMPTS)
    for (;;) {
      const claimed = await jobs.claim({ owner, leaseMs, ...claimable, events: stateEvents })
      // One whose record was damaged has failed. It must not keep those behind it from their turn.
      if (claimed?.job.state !== 'failed') return claimed
    }
  }

  /** Until a job is queued here or the worker closes, or long enough for a lease of another process to have run out. */
  async #pause(woken: AbortSignal): Promise<void> {
    await sleep(this.options.leaseMs / 2, undefined, { signal: woken }).catch((error: unknown) => {
      if (!woken.aborted) throw error
    })
  }

  #run({ tenant, job, video }: ClaimedJob): Running {
    assert(video, 'the store gives no running job without its video')
    const { portsOf, jobs, owner, leaseMs } = this.options
    const ports = portsOf(tenant)
    const ref = { tenant, id: job.id }
    const controller = new AbortController()
    const abort = (kind: AbortKind) => controller.abort(new JobAbort(kind))
    if (this.#closed) abort('closing')
    const release = keepLease({ ...ports, jobs, job: ref, owner, leaseMs }, () => abort('lease_lost'))
    const run = new JobRun(job, ports)
    const ended = runJob(run, video, ports, controller.signal)
      .catch((error: unknown) => ports.logger.error({ err: error, jobId: job.id }, 'the end of a job was not stored'))
      .finally(() => {
        release()
        this.#running.delete(nameOf(ref))
      })
    const running = { ref, run, controller, ended }
    this.#running.set(nameOf(ref), running)
    return running
  }
}

const nameOf = ({ tenant, id }: JobRef) => `${tenant}/${id}`
