import { setTimeout as sleep } from 'node:timers/promises'
import type { Id, Job, SubtitlesInput } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import type { Page, PageRequest } from '../../storage/store.js'
import type { TextWork } from '../text-work/text-work.js'
import { type JobRequest, Queue, type QueuePorts } from './queue.js'

export interface ProcessingOptions extends QueuePorts {
  readonly text: TextWork
  readonly limits: {
    /** Jobs that may wait. */
    readonly queued: number
  }
  /** Tells the workers that a job waits. */
  readonly onQueued: () => void
  /** Tells the workers that a job is no longer to be run. */
  readonly onCancelled: (jobId: Id) => void
}

/** Jobs on the videos of one tenant: queued, cancelled, tried again. Workers run them. */
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
  /** Cancels every job of the video; resolves when nothing of them runs any more. */
  stop(videoId: Id): Promise<void>
}

/** When it is worth trying again with a full queue. */
const RETRY_AFTER_MS = 15_000
/** How often a cancelled job is looked at until its worker has let it go. */
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
    // A worker that died lets go when its lease runs out.
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
      // Read once before they are kept: what the stage could not use must not replace what is there.
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
