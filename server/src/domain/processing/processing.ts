import type { Id, Job, SubtitlesInput } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { Mutex } from '../../lib/mutex.js'
import { remembered } from '../../lib/remembered.js'
import type { JobQueue, Page, PageRequest } from '../../storage/store.js'
import type { TextThreads } from '../text-work/text-threads.js'
import type { ProcessingPorts } from './ports.js'
import { type JobRequest, Queue } from './queue.js'
import { Worker } from './worker.js'

/** What processing works with, of one tenant. */
export interface TenantPorts extends Omit<ProcessingPorts, 'text'> {
  readonly text: TextThreads
}

export interface ProcessingOptions {
  readonly jobs: JobQueue
  readonly portsOf: (tenant: string) => TenantPorts
  /** Names this process in the leases of its jobs. */
  readonly owner: string
  /** How long a job stays with a worker that no longer renews its lease. */
  readonly leaseMs: number
  readonly limits: {
    /** Jobs of a tenant that may wait. */
    readonly queued: number
    /** Jobs that run at the same time, of all tenants. */
    readonly concurrency: number
  }
  readonly logger: ProcessingPorts['logger']
}

/** Jobs on videos: queued, run stage by stage, cancelled, continued after a crash. */
export interface Processing {
  /** Queues a job with the stages asked for. `video.not_found`, `video.busy`, `queue.full`. */
  enqueue(videoId: Id, request?: Omit<JobRequest, 'subtitles'>): Promise<Job>
  /** Replaces the transcript by subtitles and queues what builds on it. Also `subtitles.invalid`. */
  putTranscript(videoId: Id, subtitles: SubtitlesInput, traceparent?: string): Promise<Job>
  /** Ends a job; resolves when nothing of it runs any more. `job.not_found`, `job.finished`. */
  cancel(jobId: Id): Promise<Job>
  /** Queues a failed or cancelled job again. `job.not_found`, `job.not_retryable`, `video.busy`, `queue.full`. */
  retry(jobId: Id, traceparent?: string): Promise<Job>
  /** `job.not_found`. */
  get(jobId: Id): Promise<Job>
  list(page: PageRequest & { readonly videoId?: Id | undefined }): Promise<Page<Job>>
  /** Cancels every job of the video; resolves when they have really ended. */
  stop(videoId: Id): Promise<void>
}

/** The jobs of all tenants. */
export interface ServerProcessing {
  for(tenant: string): Processing
  /** Begins to run jobs, those that a killed server left among them. */
  start(): void
  /** Claims no more jobs, hands back the running ones for another start, and waits for them. */
  close(): Promise<void>
}

/** Builds the queues and the worker that empties them. */
export function createProcessing(options: ProcessingOptions): ServerProcessing {
  const { leaseMs, limits } = options
  const turn = new Mutex()
  const queues = new Map<string, Queue>()
  const portsOf = (tenant: string): ProcessingPorts => {
    const ports = options.portsOf(tenant)
    return { ...ports, text: ports.text.jobs }
  }
  const queueOf = (tenant: string) =>
    remembered(
      queues,
      tenant,
      () => new Queue(portsOf(tenant), { turn, maxQueued: limits.queued, retryAfterMs: leaseMs }),
    )
  const worker = new Worker({ ...options, portsOf, queueOf, turn, concurrency: limits.concurrency })
  return {
    for: tenant => createTenantProcessing(tenant, { queue: queueOf(tenant), worker, ports: options.portsOf(tenant) }),
    start: () => worker.start(),
    close: () => worker.close(),
  }
}

interface TenantProcessingOptions {
  readonly queue: Queue
  readonly worker: Worker
  readonly ports: TenantPorts
}

function createTenantProcessing(tenant: string, { queue, worker, ports }: TenantProcessingOptions): Processing {
  const get = async (jobId: Id) => {
    const job = await queue.get(jobId)
    return job.state === 'running' ? (worker.snapshot({ tenant, id: jobId }) ?? job) : job
  }

  const enqueue = async (videoId: Id, request: JobRequest = {}) => {
    const job = await queue.enqueue(videoId, request)
    worker.wake()
    return job
  }

  const cancel = async (jobId: Id) => {
    const waiting = await queue.cancel(jobId, 'queued')
    if (waiting) return waiting
    const ranHere = await worker.cancel({ tenant, id: jobId })
    const job = ranHere ? await queue.get(jobId) : await queue.cancel(jobId, 'running')
    if (job?.state === 'cancelled') return job
    throw new AppError('job.finished', 'The job has already ended.')
  }

  return {
    enqueue,
    cancel,
    get,
    list: page => queue.list(page),

    async retry(jobId, traceparent) {
      const job = await queue.retry(jobId, traceparent)
      worker.wake()
      return job
    },

    async putTranscript(videoId, subtitles, traceparent) {
      // Read once before they are kept: what the stage could not use must not replace what is there.
      const video = await ports.store.videos.get(videoId)
      const duration = video && { duration: video.media.duration }
      await ports.text.commands.run('checkSubtitles', { ...subtitles, ...duration, source: 'given' })
      return await enqueue(videoId, { stages: ['transcript'], subtitles, traceparent })
    },

    async stop(videoId) {
      for (const jobId of await ports.store.jobs.active(videoId)) {
        await cancel(jobId).catch((error: unknown) => {
          if (!(error instanceof AppError) || error.code !== 'job.finished') throw error
        })
      }
    },
  }
}
