import { rm } from 'node:fs/promises'
import type { ErrorShape, Job, Seconds } from '@cuewire/protocol'
import { AppError, toAppError } from '../../lib/app-error.js'
import { errorShape } from '../../lib/error-shape.js'
import type { JobTransition } from '../../storage/store.js'
import { DecodePass, FED_STAGES } from './decode-pass.js'
import { JobAbort, StageFailure } from './job-abort.js'
import { announceState } from './job-events.js'
import type { JobRun } from './job-run.js'
import { runPipeline } from './pipeline.js'
import type { ProcessingPorts } from './ports.js'
import { TimelineEvents } from './timeline-events.js'

/** What a run of a job comes to; undefined when the job is no longer ours to end. */
type End = { readonly state: JobTransition; readonly error?: ErrorShape; readonly speed?: number } | undefined

/** Runs a claimed job and records its end. */
export async function runJob(run: JobRun, ports: ProcessingPorts, signal: AbortSignal): Promise<void> {
  // After the claim every path ends in complete, fail, cancel or release: this `finally` is the one place for it. Only
  // when the store itself fails is the job left to the lease, which runs out.
  let end: End = { state: 'queued' }
  try {
    await announceState(ports.store, ports.bus, run.snapshot())
    const duration = await runStages(run, ports, signal)
    end = { state: 'completed', ...speedOf(run.job, duration, ports.clock()) }
  } catch (error) {
    end = endAfter(error, run.job, ports)
  } finally {
    await run.settled()
    if (end) await finish(run.job, end, ports)
  }
}

/** Resolves to the duration of the video. */
async function runStages(run: JobRun, ports: ProcessingPorts, signal: AbortSignal): Promise<Seconds> {
  const { id: jobId, videoId } = run.job
  const video = await ports.store.videos.get(videoId)
  if (!video) throw new AppError('video.not_found', 'The video of this job is gone.')
  const context = {
    ...ports,
    jobId,
    videoId,
    original: ports.files.original(videoId),
    info: video.media,
    pass: new DecodePass(FED_STAGES.filter(stage => run.has(stage))),
    timeline: new TimelineEvents({ ...ports, videoId }),
  }
  await runPipeline(run, context, signal)
  return context.info.duration
}

function endAfter(error: unknown, job: Job, { logger }: ProcessingPorts): End {
  if (error instanceof JobAbort) {
    if (error.kind === 'lease_lost') return undefined
    return { state: error.kind === 'closing' ? 'queued' : 'cancelled' }
  }
  logger.error({ err: error, jobId: job.id, videoId: job.videoId }, 'a job failed')
  if (!(error instanceof StageFailure)) return { state: 'failed', error: errorShape(toAppError(error)) }
  const { code, message } = error.error
  return { state: 'failed', error: errorShape(new AppError(code, `${error.stage}: ${message}`)) }
}

/** Only of a job that ran in one go: the time a crash took says nothing. */
function speedOf(job: Job, duration: Seconds, now: number): { readonly speed?: number } {
  if (job.attempt > 1 || !job.startedAt) return {}
  const seconds = Math.max(0.001, (now - Date.parse(job.startedAt)) / 1000)
  return { speed: Math.round((duration / seconds) * 100) / 100 }
}

async function finish(job: Job, { state, error, speed }: NonNullable<End>, ports: ProcessingPorts): Promise<void> {
  const { store, bus, files, clock } = ports
  const ended = await store.jobs.setState(job.id, state, { at: new Date(clock()).toISOString(), error, speed })
  // The sound is only needed to continue or to retry.
  if (state === 'completed') await rm(files.artefact(job.videoId, 'audio.s16le'), { force: true })
  if (ended) await announceState(store, bus, ended)
}
