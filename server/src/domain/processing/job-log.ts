import type { Job, StageStatus } from '@cuewire/protocol'
import type { Log } from './log.js'

/** Fields of every log line about a job. */
export function jobIds({ id, videoId, attempt, traceparent }: Job): object {
  return { jobId: id, videoId, attempt, ...(traceparent !== undefined && { traceparent }) }
}

/** Logs that a job is queued. */
export function logQueued(logger: Log, job: Job, message: 'job queued' | 'job queued again'): void {
  logger.info({ ...jobIds(job), stages: job.stages.map(({ name }) => name) }, message)
}

interface StageEnd extends Pick<StageStatus, 'name' | 'state' | 'code' | 'reason'> {
  /** Run time of this attempt. */
  readonly elapsedMs: number | undefined
}

/** Logs the end of a stage, unless it failed: that is logged with its cause. */
export function logStage(logger: Log, job: Job, { name, state, elapsedMs, code, reason }: StageEnd): void {
  logger.info({ ...jobIds(job), stage: name, state, elapsedMs, code, reason }, 'stage ended')
}

/** Logs how a job ended, or that it was put back into the queue; `elapsedMs` is how long this attempt ran. */
export function logEnd(logger: Log, job: Job, elapsedMs?: number): void {
  const { state, speed, error } = job
  const message = state === 'queued' ? 'job put back until the next start' : `job ${state}`
  logger.info({ ...jobIds(job), elapsedMs, speed, code: error?.code, reason: error?.message }, message)
}
