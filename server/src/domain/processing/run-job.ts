import type { ErrorShape, Job, Seconds, Video } from '@cuewire/protocol'
import { AppError, toAppError } from '../../lib/app-error.js'
import { errorShape } from '../../lib/error-shape.js'
import type { JobTransition } from '../../storage/store.js'
import { leaseOriginal } from '../library/original.js'
import { changeJob } from './change-job.js'
import { DecodePass } from './decode-pass.js'
import { JobAbort, StageFailure } from './job-abort.js'
import { jobIds, logEnd } from './job-log.js'
import type { JobRun } from './job-run.js'
import { PLAN, takesStream } from './plan.js'
import type { ProcessingPorts } from './ports.js'
import { runPlan } from './run-plan.js'
import { TimelineEvents } from './timeline-events.js'

/** The end of a job run; undefined if the job is no longer ours to end. */
type End = { readonly state: JobTransition; readonly error?: ErrorShape; readonly speed?: number } | undefined

/** Runs a claimed job and records its end. */
export async function runJob(run: JobRun, video: Video, ports: ProcessingPorts, signal: AbortSignal): Promise<void> {
  // Every path after the claim must end in complete, fail, cancel or release; this `finally` does that. Only if the
  // store itself fails does the job wait until its lease expires.
  let end: End = { state: 'queued' }
  try {
    ports.logger.info(jobIds(run.job), 'job started')
    const duration = await runStages(run, video, ports, signal)
    end = { state: 'completed', ...speedOf(run, duration) }
  } catch (error) {
    end = endAfter(error, run.job, ports)
  } finally {
    await run.settled()
    if (end) await finish(run, end, ports)
  }
}

/** Resolves to the duration of the video. */
async function runStages(run: JobRun, video: Video, ports: ProcessingPorts, signal: AbortSignal): Promise<Seconds> {
  const { id: jobId, videoId, tracks = {} } = run.job
  const context = {
    ...ports,
    jobId,
    videoId,
    leaseOriginal: () => leaseOriginal(ports.blobs, videoId),
    sound: ports.blobs.scratch({ kind: 'sound', id: videoId }),
    tracks,
    info: video.media,
    pass: new DecodePass(
      PLAN.filter(takesStream)
        .map(stage => stage.name)
        .filter(name => run.has(name)),
    ),
    timeline: new TimelineEvents({ ...ports, videoId }),
  }
  const { info } = await runPlan(run, context, signal)
  return info.duration
}

function endAfter(error: unknown, job: Job, { logger }: ProcessingPorts): End {
  if (error instanceof JobAbort) {
    if (error.kind === 'closing') return { state: 'queued' }
    logger.info(jobIds(job), 'job stopped: it was cancelled, or its lease ran out')
    return undefined
  }
  if (error instanceof StageFailure) {
    const { code, message } = error.error
    return { state: 'failed', error: errorShape(new AppError(code, `${error.stage}: ${message}`)) }
  }
  logger.error({ err: error, ...jobIds(job) }, 'job failed outside its stages')
  return { state: 'failed', error: errorShape(toAppError(error)) }
}

/** Only for jobs that ran in one attempt, because time lost to a crash would distort it. */
function speedOf({ job, elapsedMs }: JobRun, duration: Seconds): { readonly speed?: number } {
  if (job.attempt > 1) return {}
  return { speed: Math.round((duration / Math.max(0.001, elapsedMs / 1000)) * 100) / 100 }
}

async function finish(run: JobRun, { state, ...end }: NonNullable<End>, ports: ProcessingPorts): Promise<void> {
  const { store, clock, logger } = ports
  if (state === 'completed') await removeSound(run.job, ports)
  const { id, attempt } = run.job
  const at = new Date(clock.now()).toISOString()
  const ended = await changeJob(store, ({ jobs }) => jobs.setState(id, state, { at, attempt, ...end }))
  if (ended) logEnd(logger, ended.job, run.elapsedMs)
}

/**
 * The audio is needed only to continue or retry. Removed before the end is stored: after a crash in between, nobody
 * else would remove it.
 */
async function removeSound({ id, videoId }: Job, { blobs, logger }: ProcessingPorts): Promise<void> {
  const sound = blobs.scratch({ kind: 'sound', id: videoId })
  await sound
    .remove()
    .catch((error: unknown) =>
      logger.warn({ err: error, jobId: id, videoId }, 'the sound of a finished job was not removed'),
    )
}
