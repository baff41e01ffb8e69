import type { Id, Job, StageName, StageStatus, SubtitlesInput, TrackChoice, Video } from '@cuewire/protocol'
import { monotonicFactory } from 'ulid'
import { AppError } from '../../lib/app-error.js'
import { ignoreDamaged } from '../../lib/ignore-damaged.js'
import type { Page, PageRequest, Store } from '../../storage/store.js'
import { changeJob } from './change-job.js'
import { endJob } from './end-job.js'
import { logQueued } from './job-log.js'
import { allStages, stagesFor, stagesForTracks } from './plan.js'
import type { ProcessingPorts } from './ports.js'
import { jobProgress } from './progress.js'
import { tracksToUse } from './tracks-to-use.js'

/** Dependencies of the queue. */
export type QueuePorts = Pick<ProcessingPorts, 'store' | 'clock' | 'logger'>

interface QueueOptions {
  /** Most queued jobs. */
  readonly maxQueued: number
  /** `retryAfterMs` for a full queue. */
  readonly retryAfterMs: number
}

/** Options of a new job. */
export interface JobRequest {
  /** These stages and those that depend on them. @default every stage */
  readonly stages?: readonly StageName[] | undefined
  /** Tracks of the file to use; then only the stages named and those that use these tracks run. */
  readonly tracks?: TrackChoice | undefined
  /** Subtitles that replace those of the video. */
  readonly subtitles?: SubtitlesInput | undefined
  /** Trace context of the command that asked for it. */
  readonly traceparent?: string | undefined
}

/**
 * The jobs of one tenant. Each change is one transaction, so that it sees all earlier changes, whichever process made
 * them.
 */
export class Queue {
  readonly #ulid = monotonicFactory()

  constructor(
    private readonly ports: QueuePorts,
    private readonly options: QueueOptions,
  ) {}

  async enqueue(videoId: Id, { subtitles, traceparent, ...request }: JobRequest): Promise<Job> {
    const { store, clock, logger } = this.ports
    const names = stagesOf(request)
    const { job } = await changeJob(store, async changes => {
      const { media } = await idleVideo(changes, videoId)
      const tracks = request.tracks && tracksToUse(media, request.tracks)
      await this.#checkRoom(changes)
      if (subtitles) await changes.videos.giveSubtitles(videoId, subtitles)
      return await changes.jobs.insert({
        id: this.#ulid(clock.now()),
        videoId,
        state: 'queued',
        attempt: 0,
        progress: 0,
        stages: names.map(name => ({ name, state: 'pending' })),
        createdAt: this.#now(),
        ...(tracks && { tracks }),
        ...(traceparent !== undefined && { traceparent }),
      })
    })
    logQueued(logger, job, 'job queued')
    return job
  }

  /** Queues a failed or cancelled job again. Completed stages are kept; skipped ones are tried again. */
  async retry(jobId: Id, traceparent: string | undefined): Promise<Job> {
    const queued = await changeJob(this.ports.store, async changes => {
      const job = (await changes.jobs.get(jobId)) ?? notFound()
      if (job.state !== 'failed' && job.state !== 'cancelled') {
        throw new AppError(
          'job.not_retryable',
          `The job is ${job.state}; only a failed or cancelled one can be retried.`,
        )
      }
      const video = await idleVideo(changes, job.videoId)
      if (video.jobId !== jobId) {
        throw new AppError(
          'job.not_retryable',
          'A newer job has replaced this one; start a new one with processing.start.',
        )
      }
      await this.#checkRoom(changes)
      const stages = reopened(job)
      const change = { at: this.#now(), stages, progress: jobProgress(stages), retry: { traceparent } }
      return (await changes.jobs.setState(jobId, 'queued', change)) ?? notFound()
    })
    logQueued(this.ports.logger, queued.job, 'job queued again')
    return queued.job
  }

  /** Cancels a queued or running job; undefined if it has ended. The worker that runs it stops and then releases it. */
  async cancel(jobId: Id): Promise<Job | undefined> {
    const { store, logger } = this.ports
    return await store.atomically(async changes => {
      const state = (await changes.jobs.state(jobId)) ?? notFound()
      if (state !== 'queued' && state !== 'running') return undefined
      const stages = (await ignoreDamaged(() => changes.jobs.get(jobId)))?.stages
      const how = { state: 'cancelled', reason: 'the job was cancelled' } as const
      return await endJob({ id: jobId, stages }, how, { store: changes, logger, at: this.#now() })
    })
  }

  async get(jobId: Id): Promise<Job> {
    return (await this.ports.store.jobs.get(jobId)) ?? notFound()
  }

  async list(page: PageRequest & { readonly videoId?: Id | undefined }): Promise<Page<Job>> {
    return await this.ports.store.jobs.list(page)
  }

  async #checkRoom({ jobs }: Store): Promise<void> {
    if ((await jobs.countQueued()) < this.options.maxQueued) return
    throw new AppError('queue.full', `The queue is full with ${this.options.maxQueued} jobs; try again later.`, {
      retryAfterMs: this.options.retryAfterMs,
    })
  }

  #now(): string {
    return new Date(this.ports.clock.now()).toISOString()
  }
}

function stagesOf({ stages, tracks }: Pick<JobRequest, 'stages' | 'tracks'>): StageName[] {
  if (tracks) return stagesForTracks(tracks, stages ?? [])
  return stages ? stagesFor(stages) : allStages()
}

/** The video, if no job is queued or running for it. */
async function idleVideo({ videos, jobs }: Store, videoId: Id): Promise<Video> {
  const video = await videos.get(videoId)
  if (!video) throw new AppError('video.not_found', 'There is no video with this id; video.list lists them.')
  const [active] = await jobs.active(videoId)
  if (active !== undefined) {
    throw new AppError(
      'video.busy',
      `Job ${active} for this video is queued or running; cancel it or wait until it ends.`,
    )
  }
  return video
}

function reopened({ stages }: Job): StageStatus[] {
  const skipped = stages.filter(stage => stage.state === 'skipped').map(stage => stage.name)
  const again = new Set(stagesFor(skipped))
  return stages.map(stage =>
    stage.state === 'completed' && !again.has(stage.name) ? stage : { name: stage.name, state: 'pending' },
  )
}

function notFound(): never {
  throw new AppError('job.not_found', 'There is no job with this id; processing.list lists them.')
}
