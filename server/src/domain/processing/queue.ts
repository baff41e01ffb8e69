import type { Id, Job, StageName, SubtitlesInput, Video } from '@cuewire/protocol'
import { monotonicFactory } from 'ulid'
import { AppError } from '../../lib/app-error.js'
import { Mutex } from '../../lib/mutex.js'
import type { Page, PageRequest } from '../../storage/store.js'
import { announceState } from './job-events.js'
import { allStages, stagesFor } from './pipeline.js'
import type { ProcessingPorts } from './ports.js'
import { jobProgress } from './progress.js'

interface QueueOptions {
  /** Jobs that may wait. */
  readonly maxQueued: number
  readonly owner: string
  readonly leaseMs: number
}

/** The jobs that wait. Changes are made one after the other, so that each sees the queue the former one left. */
export class Queue {
  readonly #turn = new Mutex()
  readonly #ulid = monotonicFactory()

  constructor(
    private readonly ports: ProcessingPorts,
    private readonly options: QueueOptions,
  ) {}

  /** Queues the stages named and those that build on them, or all. Subtitles given with it replace those before. */
  enqueue(videoId: Id, stages?: readonly StageName[], subtitles?: SubtitlesInput): Promise<Job> {
    return this.#turn.run(async () => {
      const { store, clock } = this.ports
      await this.#idleVideo(videoId)
      await this.#checkRoom()
      if (subtitles) await store.videos.giveSubtitles(videoId, subtitles)
      const names = stages ? stagesFor(stages) : allStages()
      const job: Job = {
        id: this.#ulid(clock()),
        videoId,
        state: 'queued',
        attempt: 0,
        progress: 0,
        stages: names.map(name => ({ name, state: 'pending' })),
        createdAt: this.#now(),
      }
      await store.jobs.insert(job)
      await this.#announce(job)
      return job
    })
  }

  /** Queues a failed or cancelled job again: what has completed is kept, what was skipped is tried again. */
  retry(jobId: Id): Promise<Job> {
    return this.#turn.run(async () => {
      const { store } = this.ports
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
      await this.#reopenStages(job)
      const queued = await store.jobs.setState(jobId, 'queued', { at: this.#now() })
      if (!queued) throw notFound()
      await this.#announce(queued)
      return queued
    })
  }

  /** Cancels a job that is in this state; undefined when it is in another. Whoever runs it loses its lease. */
  cancel(jobId: Id, state: 'queued' | 'running'): Promise<Job | undefined> {
    return this.#turn.run(async () => {
      const current = await this.ports.store.jobs.state(jobId)
      if (current === undefined) throw notFound()
      if (current !== state) return undefined
      const cancelled = await this.ports.store.jobs.setState(jobId, 'cancelled', { at: this.#now() })
      if (!cancelled) throw notFound()
      await this.#announce(cancelled)
      return cancelled
    })
  }

  /** Claims the next job and hands it over before any other change of the queue; false when none waits. */
  claim(take: (job: Job) => void): Promise<boolean> {
    const { owner, leaseMs } = this.options
    return this.#turn.run(async () => {
      for (;;) {
        const job = await this.ports.store.jobs.claim(owner, this.ports.clock(), leaseMs)
        if (job?.state === 'running') take(job)
        if (job?.state !== 'failed') return job !== undefined
        // Its record was damaged. It must not keep those behind it from their turn.
        await this.#announce(job)
      }
    })
  }

  async get(jobId: Id): Promise<Job> {
    return await this.#job(jobId)
  }

  async list(page: PageRequest & { readonly videoId?: Id | undefined }): Promise<Page<Job>> {
    return await this.ports.store.jobs.list(page)
  }

  /** The video, when no job works on it. */
  async #idleVideo(videoId: Id): Promise<Video> {
    const { store } = this.ports
    const video = await store.videos.get(videoId)
    if (!video) throw new AppError('video.not_found', 'There is no video of this id.')
    const [active] = await store.jobs.active(videoId)
    if (active) {
      throw new AppError(
        'video.busy',
        `Job ${active.id} is ${active.state} on this video; cancel it or wait for its end.`,
      )
    }
    return video
  }

  async #checkRoom(): Promise<void> {
    if ((await this.ports.store.jobs.countQueued()) < this.options.maxQueued) return
    throw new AppError('queue.full', `The queue holds ${this.options.maxQueued} jobs, as many as it may.`, {
      retryAfterMs: this.options.leaseMs,
    })
  }

  async #reopenStages(job: Job): Promise<void> {
    const skipped = job.stages.filter(stage => stage.state === 'skipped').map(stage => stage.name)
    const again = new Set(stagesFor(skipped))
    const stages = job.stages.map(stage =>
      stage.state === 'completed' && !again.has(stage.name) ? stage : { name: stage.name, state: 'pending' as const },
    )
    for (const stage of stages) await this.ports.store.jobs.setStage(job.id, stage, jobProgress(stages))
  }

  async #job(jobId: Id): Promise<Job> {
    const job = await this.ports.store.jobs.get(jobId)
    if (!job) throw notFound()
    return job
  }

  async #announce(job: Job): Promise<void> {
    await announceState(this.ports.store, this.ports.bus, job)
  }

  #now(): string {
    return new Date(this.ports.clock()).toISOString()
  }
}

function notFound(): AppError {
  return new AppError('job.not_found', 'There is no job of this id.')
}
