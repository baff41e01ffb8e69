import type { Job, StageStatus } from '@cuewire/protocol'
import type { Log } from './log.js'

/** What names a job in every line of the log about it. */
export function jobIds({ id, videoId, attempt, traceparent }: Job): object {
  return { jobId: id, videoId, attempt, ...(traceparent !== undefined && { traceparent }) }
}

/** A job waits for its turn. */
export function logQueued(logger: Log, job: Job, message: 'job queued' | 'job queued again'): void {
  logger.info({ ...jobIds(job), stages: job.stages.map(({ name }) => name) }, message)
}

/** A stage has ended, in whatever way but a failure. */
export function logStage(logger: Log, job: Job, { name, state, elapsedMs, code, reason }: StageStatus): void {
  logger.info({ ...jobIds(job), stage: name, state, elapsedMs, code, reason }, 'stage ended')
}

/** A job has ended, or was handed back; `elapsedMs` is how long this attempt ran. */
export function logEnd(logger: Log, job: Job, elapsedMs?: number): void {
  const { state, speed, error } = job
  const message = state === 'queued' ? 'job handed back for the next start' : `job ${state}`
  logger.info({ ...jobIds(job), elapsedMs, speed, code: error?.code, reason: error?.message }, message)
}
