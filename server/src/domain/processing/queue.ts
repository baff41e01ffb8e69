import type { Id, Job, StageName, StageStatus, SubtitlesInput, Video } from '@cuewire/protocol'
import { monotonicFactory } from 'ulid'
import { AppError } from '../../lib/app-error.js'
import { errorShape } from '../../lib/error-shape.js'
import { ignoreDamaged } from '../../lib/ignore-damaged.js'
import type { Mutex } from '../../lib/mutex.js'
import type { Page, PageRequest } from '../../storage/store.js'
import { changeJob } from './change-job.js'
import { logEnd, logQueued } from './job-log.js'
import { allStages, stagesFor } from './pipeline.js'
import type { ProcessingPorts } from './ports.js'
import { jobProgress } from './progress.js'

interface QueueOptions {
  /** Jobs that may wait. */
  readonly maxQueued: number
  /** When it is worth trying again with a full queue. */
  readonly retryAfterMs: number
  /** Held by whoever changes which jobs wait or run. */
  readonly turn: Mutex
}

/** What a new job is to do. */
export interface JobRequest {
  /** These and those that build on them. @default every stage */
  readonly stages?: readonly StageName[] | undefined
  /** Replace those the video has. */
  readonly subtitles?: SubtitlesInput | undefined
  /** Trace context of the command that asked for it. */
  readonly traceparent?: string | undefined
}

/** The jobs of one tenant that wait. Changes are made one after the other, so that each sees the queue the former one left. */
export class Queue {
  readonly #ulid = monotonicFactory()

  constructor(
    private readonly ports: ProcessingPorts,
    private readonly options: QueueOptions,
  ) {}

  enqueue(videoId: Id, { stages, subtitles, traceparent }: JobRequest): Promise<Job> {
    return this.options.turn.run(async () => {
      const { store, clock, logger } = this.ports
      await this.#idleVideo(videoId)
      await this.#checkRoom()
      const names = stages ? stagesFor(stages) : allStages()
      const { job } = await changeJob(store, async changes => {
        if (subtitles) await changes.videos.giveSubtitles(videoId, subtitles)
        return await changes.jobs.insert({
          id: this.#ulid(clock.now()),
          videoId,
          state: 'queued',
          attempt: 0,
          progress: 0,
          stages: names.map(name => ({ name, state: 'pending' })),
          createdAt: this.#now(),
          ...(traceparent !== undefined && { traceparent }),
        })
      })
      logQueued(logger, job, 'job queued')
      return job
    })
  }

  /** Queues a failed or cancelled job again: what has completed is kept, what was skipped is tried again. */
  retry(jobId: Id, traceparent: string | undefined): Promise<Job> {
    return this.options.turn.run(async () => {
      const job = await this.#job(jobId)
      if (job.state !== 'failed' && job.state !== 'cancelled') {
        throw new AppError(
          'job.not_retryable',
          `The job is ${job.state}; only a failed or cancelled one can be retried.`,
        )
      }
      const video = await this.#idleVideo(job.videoId)
      if (video.jobId !== jobId) {
        throw new AppError('job.not_retryable', 'A newer job has replaced this one; start a new one instead.')
      }
      await this.#checkRoom()
      const stages = reopened(job)
      const change = { at: this.#now(), stages, progress: jobProgress(stages), retry: { traceparent } }
      const queued = await changeJob(this.ports.store, ({ jobs }) => jobs.setState(jobId, 'queued', change))
      if (!queued) throw notFound()
      logQueued(this.ports.logger, queued.job, 'job queued again')
      return queued.job
    })
  }

  /** Cancels a job that is in this state; undefined when it is in another. Whoever runs it loses its lease. */
  cancel(jobId: Id, state: 'queued' | 'running'): Promise<Job | undefined> {
    return this.options.turn.run(async () => {
      const { jobs } = this.ports.store
      const current = await jobs.state(jobId)
      if (current === undefined) throw notFound()
      if (current !== state) return undefined
      const stages = (await ignoreDamaged(jobs.get(jobId)))?.stages
      return await this.#end({ id: jobId, stages }, 'cancelled', {
        state: 'cancelled',
        reason: 'the job was cancelled',
      })
    })
  }

  /** Ends a job during which the server has died that many times in a row; only while holding the turn. */
  async giveUp(job: Job, attempts: number): Promise<void> {
    const running = job.stages.filter(({ state }) => state === 'running').map(({ name }) => name)
    const at = running.length > 0 ? ` in ${running.join(', ')}` : ''
    const reason = `The server died ${attempts} times in a row while it worked on this job, the last time${at}.`
    await this.#end(job, 'failed', { state: 'failed', code: 'job.crashed', reason })
  }

  async get(jobId: Id): Promise<Job> {
    return await this.#job(jobId)
  }

  async list(page: PageRequest & { readonly videoId?: Id | undefined }): Promise<Page<Job>> {
    return await this.ports.store.jobs.list(page)
  }

  /** Ends a job that nobody runs, with its stages that were running; undefined when it has ended meanwhile. */
  async #end(
    { id, stages: known }: { readonly id: Id; readonly stages: readonly StageStatus[] | undefined },
    state: 'failed' | 'cancelled',
    how: Pick<StageStatus, 'state' | 'code' | 'reason'>,
  ): Promise<Job | undefined> {
    const { code, reason = '' } = how
    const stages = known?.map(stage => (stage.state === 'running' ? { ...stage, ...how } : stage))
    const error = code && errorShape(new AppError(code, reason))
    const change = { at: this.#now(), ...(stages && { stages }), error }
    const ended = await changeJob(this.ports.store, ({ jobs }) => jobs.setState(id, state, change))
    if (ended) logEnd(this.ports.logger, ended.job)
    return ended?.job
  }

  /** The video, when no job works on it. */
  async #idleVideo(videoId: Id): Promise<Video> {
    const { store } = this.ports
    const video = await store.videos.get(videoId)
    if (!video) throw new AppError('video.not_found', 'There is no video of this id.')
    const [active] = await store.jobs.active(videoId)
    if (active !== undefined) {
      throw new AppError('video.busy', `Job ${active} waits or runs on this video; cancel it or wait for its end.`)
    }
    return video
  }

  async #checkRoom(): Promise<void> {
    if ((await this.ports.store.jobs.countQueued()) < this.options.maxQueued) return
    throw new AppError('queue.full', `The queue holds ${this.options.maxQueued} jobs, as many as it may.`, {
      retryAfterMs: this.options.retryAfterMs,
    })
  }

  async #job(jobId: Id): Promise<Job> {
    const job = await this.ports.store.jobs.get(jobId)
    if (!job) throw notFound()
    return job
  }

  #now(): string {
    return new Date(this.ports.clock.now()).toISOString()
  }
}

function reopened({ stages }: Job): StageStatus[] {
  const skipped = stages.filter(stage => stage.state === 'skipped').map(stage => stage.name)
  const again = new Set(stagesFor(skipped))
  return stages.map(stage =>
    stage.state === 'completed' && !again.has(stage.name) ? stage : { name: stage.name, state: 'pending' },
  )
}

function notFound(): AppError {
  return new AppError('job.not_found', 'There is no job of this id.')
}
