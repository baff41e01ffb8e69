import type { Id, Job, SubtitlesInput } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { type Clock, systemClock } from '../../lib/clock.js'
import { Semaphore } from '../../lib/semaphore.js'
import type { Page, PageRequest } from '../../storage/store.js'
import type { TextThreads } from '../text-work/text-threads.js'
import type { ProcessingPorts } from './ports.js'
import { type JobRequest, Queue } from './queue.js'
import { Worker } from './worker.js'

export interface ProcessingOptions extends Omit<ProcessingPorts, 'clock' | 'text'> {
  /** @default the system's */
  readonly clock?: Clock
  readonly text: TextThreads
  /** Names this process in the leases of its jobs. */
  readonly owner: string
  /** How long a job stays with a worker that no longer renews its lease. */
  readonly leaseMs: number
  /** Places for running jobs, shared with other queues of this server. */
  readonly slots?: Semaphore | undefined
  readonly limits: {
    /** Jobs that may wait. */
    readonly queued: number
    /** Jobs that run at the same time. */
    readonly concurrency: number
  }
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
  /** Begins to run jobs, those that a killed server left among them. */
  start(): void
  /** Claims no more jobs, hands back the running ones for another start, and waits for them. */
  close(): Promise<void>
}

/** Builds the queue and its worker. */
export function createProcessing(options: ProcessingOptions): Processing {
  const { owner, leaseMs, limits, slots = new Semaphore(limits.concurrency) } = options
  const ports: ProcessingPorts = { ...options, text: options.text.jobs, clock: options.clock ?? systemClock }
  const queue = new Queue(ports, { owner, leaseMs, maxQueued: limits.queued })
  const worker = new Worker(ports, {
    owner,
    leaseMs,
    concurrency: limits.concurrency,
    slots,
    claim: (take, running) => queue.claim(take, running),
  })
  const get = async (jobId: Id) => {
    const job = await queue.get(jobId)
    return job.state === 'running' ? (worker.snapshot(jobId) ?? job) : job
  }

  const enqueue = async (videoId: Id, request: JobRequest = {}) => {
    const job = await queue.enqueue(videoId, request)
    worker.wake()
    return job
  }

  const cancel = async (jobId: Id) => {
    const waiting = await queue.cancel(jobId, 'queued')
    if (waiting) return waiting
    const ranHere = await worker.cancel(jobId)
    const job = ranHere ? await queue.get(jobId) : await queue.cancel(jobId, 'running')
    if (job?.state === 'cancelled') return job
    throw new AppError('job.finished', 'The job has already ended.')
  }

  return {
    enqueue,
    cancel,
    get,
    list: page => queue.list(page),
    start: () => worker.start(),
    close: () => worker.close(),

    async retry(jobId, traceparent) {
      const job = await queue.retry(jobId, traceparent)
      worker.wake()
      return job
    },

    async putTranscript(videoId, subtitles, traceparent) {
      // Read once before they are kept: what the stage could not use must not replace what is there.
      const video = await ports.store.videos.get(videoId)
      const duration = video && { duration: video.media.duration }
      await options.text.commands.run('checkSubtitles', { ...subtitles, ...duration, source: 'given' })
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
