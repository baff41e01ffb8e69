import { setTimeout as sleep } from 'node:timers/promises'
import type { Id, Job, SubtitlesInput } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import type { Page, PageRequest } from '../../storage/store.js'
import type { TextWork } from '../text-work/text-work.js'
import { type JobRequest, Queue, type QueuePorts } from './queue.js'

export interface ProcessingOptions extends QueuePorts {
  readonly text: TextWork
  readonly limits: {
    /** Most queued jobs. */
    readonly queued: number
  }
  /** Notifies the workers of a queued job. */
  readonly onQueued: () => void
  /** Notifies the workers of a cancelled job. */
  readonly onCancelled: (jobId: Id) => void
}

/** The jobs of one tenant. Workers run them. */
export interface Processing {
  /** Queues a job with these stages. Throws `video.not_found`, `video.busy` or `queue.full`. */
  enqueue(videoId: Id, request?: Omit<JobRequest, 'subtitles'>): Promise<Job>
  /**
   * Replaces the transcript with subtitles and queues the stages that depend on it. May also throw `subtitles.invalid`.
   */
  putTranscript(videoId: Id, subtitles: SubtitlesInput, traceparent?: string): Promise<Job>
  /** Cancels a job. Resolves when nothing of it runs any more. Throws `job.not_found` or `job.finished`. */
  cancel(jobId: Id): Promise<Job>
  /**
   * Queues a failed or cancelled job again. Throws `job.not_found`, `job.not_retryable`, `video.busy` or `queue.full`.
   */
  retry(jobId: Id, traceparent?: string): Promise<Job>
  /** `job.not_found`. */
  get(jobId: Id): Promise<Job>
  list(page: PageRequest & { readonly videoId?: Id | undefined }): Promise<Page<Job>>
  /** Cancels every job of the video. Resolves when none of them runs any more. */
  stop(videoId: Id): Promise<void>
}

/** `retryAfterMs` for a full queue. */
const RETRY_AFTER_MS = 15_000
/** How often to check whether the worker has released a cancelled job. */
const HELD_MS = 20

/** The commands of one tenant about its jobs. */
export function createProcessing(options: ProcessingOptions): Processing {
  const { store, text, limits, onQueued, onCancelled } = options
  const queue = new Queue(options, { maxQueued: limits.queued, retryAfterMs: RETRY_AFTER_MS })

  const queued = async (queueing: Promise<Job>) => {
    const job = await queueing
    onQueued()
    return job
  }

  const cancel = async (jobId: Id) => {
    const job = await queue.cancel(jobId)
    if (!job) throw new AppError('job.finished', 'The job has already ended.')
    onCancelled(jobId)
    // The lease of a dead worker expires.
    while (await store.jobs.isHeld(jobId)) await sleep(HELD_MS)
    return job
  }

  return {
    cancel,
    enqueue: (videoId, request = {}) => queued(queue.enqueue(videoId, request)),
    retry: (jobId, traceparent) => queued(queue.retry(jobId, traceparent)),
    get: jobId => queue.get(jobId),
    list: page => queue.list(page),

    async putTranscript(videoId, subtitles, traceparent) {
      // Parsed before they are stored, so that unusable subtitles do not replace the present ones.
      const video = await store.videos.get(videoId)
      const duration = video && { duration: video.media.duration }
      await text.run('checkSubtitles', { ...subtitles, ...duration, source: 'given' })
      return await queued(queue.enqueue(videoId, { stages: ['transcript'], subtitles, traceparent }))
    },

    async stop(videoId) {
      for (const jobId of await store.jobs.active(videoId)) {
        await cancel(jobId).catch((error: unknown) => {
          if (!(error instanceof AppError) || error.code !== 'job.finished') throw error
        })
      }
    },
  }
}
