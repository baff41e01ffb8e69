import { setTimeout as sleep } from 'node:timers/promises'
import type { Id, Job } from '@cuewire/protocol'
import { assert } from '../../lib/assert.js'
import type { Semaphore } from '../../lib/semaphore.js'
import type { JobWithVideo } from '../../storage/store.js'
import { type AbortKind, JobAbort } from './job-abort.js'
import { JobRun } from './job-run.js'
import { keepLease } from './lease.js'
import type { ProcessingPorts } from './ports.js'
import { runJob } from './run-job.js'

/** How the worker behaves. */
export interface WorkerOptions {
  /** Names this process in the leases of its jobs. */
  readonly owner: string
  readonly leaseMs: number
  /** Jobs that run at the same time. */
  readonly concurrency: number
  /** Places for running jobs, shared with other workers of this server. */
  readonly slots: Semaphore
  /** Claims the next job that does not run here, and hands it over at once; false when none waits. */
  readonly claim: (take: (claimed: JobWithVideo) => void, running: () => readonly Id[]) => Promise<boolean>
}

interface Running {
  readonly run: JobRun
  readonly controller: AbortController
  readonly ended: Promise<void>
}

/** Claims jobs and runs them, a few at a time, until it is closed. */
export class Worker {
  readonly #running = new Map<Id, Running>()
  #loops: Promise<unknown> | undefined
  #wake = new AbortController()
  #closed = false

  constructor(
    private readonly ports: ProcessingPorts,
    private readonly options: WorkerOptions,
  ) {}

  start(): void {
    this.#loops ??= Promise.all(Array.from({ length: this.options.concurrency }, () => this.#loop()))
  }

  /** Looks for a job at once: one was queued. */
  wake(): void {
    this.#wake.abort()
    this.#wake = new AbortController()
  }

  /** The job as it stands, when it runs here. */
  snapshot(jobId: Id): Job | undefined {
    return this.#running.get(jobId)?.run.snapshot()
  }

  /** Stops a job that runs here and waits for its end; false when it does not. */
  async cancel(jobId: Id): Promise<boolean> {
    const running = this.#running.get(jobId)
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
      const release = await this.options.slots.acquire()
      const ended = this.#closed ? undefined : await this.#next()
      try {
        await ended?.promise
      } finally {
        release()
      }
      if (!ended && !this.#closed) await this.#pause(woken)
    }
  }

  /** The end of the job that was claimed, if one was. */
  async #next(): Promise<{ readonly promise: Promise<void> } | undefined> {
    let ended: { readonly promise: Promise<void> } | undefined
    try {
      const take = (claimed: JobWithVideo) => {
        ended = { promise: this.#run(claimed) }
      }
      await this.options.claim(take, () => [...this.#running.keys()])
    } catch (error) {
      this.ports.logger.error({ err: error }, 'no job could be claimed')
    }
    return ended
  }

  /** Until a job is queued here or the worker closes, or long enough for a lease of another process to have run out. */
  async #pause(woken: AbortSignal): Promise<void> {
    await sleep(this.options.leaseMs / 2, undefined, { signal: woken }).catch((error: unknown) => {
      if (!woken.aborted) throw error
    })
  }

  #run({ job, video }: JobWithVideo): Promise<void> {
    assert(video, 'the store gives no running job without its video')
    const { ports, options } = this
    const controller = new AbortController()
    const abort = (kind: AbortKind) => controller.abort(new JobAbort(kind))
    if (this.#closed) abort('closing')
    const lease = { ...options, jobs: ports.store.jobs, jobId: job.id, clock: ports.clock, logger: ports.logger }
    const release = keepLease(lease, () => abort('lease_lost'))
    const run = new JobRun(job, ports)
    const ended = runJob(run, video, ports, controller.signal)
      .catch((error: unknown) => ports.logger.error({ err: error, jobId: job.id }, 'the end of a job was not stored'))
      .finally(() => {
        release()
        this.#running.delete(job.id)
      })
    this.#running.set(job.id, { run, controller, ended })
    return ended
  }
}
