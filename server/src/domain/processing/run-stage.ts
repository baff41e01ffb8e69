import { LIMITS, type StageState } from '@cuewire/protocol'
import { toText } from '../../lib/text.js'
import type { Store } from '../../storage/store.js'
import { ContentDraft } from './content-draft.js'
import { JobAbort, StageFailure } from './job-abort.js'
import { jobIds } from './job-log.js'
import type { JobRun } from './job-run.js'
import { liveItems } from './live-items.js'
import { isModelFault, skippedForModel } from './model-skip.js'
import { paramsHash } from './params-hash.js'
import { takersOf } from './plan.js'
import type { JobContext, Stage, StageContext, StageOutcome } from './stage.js'

const ENDED: ReadonlySet<StageState> = new Set(['completed', 'skipped'])

interface StageScope {
  readonly job: JobContext
  /** Aborted from outside, or by a sibling's failure. */
  readonly signal: AbortSignal
  /** Called at once with the stage's own failure. */
  readonly failed: (failure: StageFailure) => void
}

/** Runs one stage and records its outcome. Throws the error that the job must end with, if there is one. */
export async function runStage(stage: Stage, run: JobRun, { job, signal, failed }: StageScope): Promise<void> {
  if (isOver(run, stage)) {
    job.pass.leave(stage.name)
    return
  }
  signal.throwIfAborted()
  await run.begin(stage.name)
  try {
    const outcome = await outcomeOf(stage, stageContext(stage, run, job), signal)
    await recordOutcome(stage, run, outcome)
  } catch (error) {
    if (signal.aborted) {
      await recordAbort(stage, run, signal.reason)
      throw signal.reason
    }
    const failure = new StageFailure(stage.name, error)
    // Before any await, so that a sibling that fails as a result finds itself aborted.
    if (!stage.enriches) failed(failure)
    const { code, message } = failure.error
    await run.end(stage.name, { state: 'failed', code, reason: toText(message, LIMITS.reasonLength) })
    const line = { err: error, ...jobIds(run.job), stage: stage.name, elapsedMs: run.stageMs(stage.name), code }
    job.logger.error(line, 'stage failed')
    if (!stage.enriches) throw failure
  } finally {
    // However the stage ended, the decode pass must not wait for it.
    job.pass.leave(stage.name)
  }
}

/** Whether an earlier attempt ended both the stage and the stages that use its streams, which are not kept. */
function isOver(run: JobRun, stage: Stage): boolean {
  const takers = takersOf(stage).filter(({ name }) => run.has(name))
  return [stage, ...takers].every(({ name }) => ENDED.has(run.status(name).state))
}

async function outcomeOf(stage: Stage, context: StageContext, signal: AbortSignal): Promise<StageOutcome> {
  try {
    return await stage.run(context, signal)
  } catch (error) {
    if (isModelFault(error)) return await skippedForModel(context.job.models, stage.models ?? [], error)
    throw error
  }
}

async function recordOutcome(stage: Stage, run: JobRun, outcome: StageOutcome): Promise<void> {
  if (outcome.state === 'skipped') {
    await run.end(stage.name, outcome)
    return
  }
  const { model, params = {} } = outcome
  const hash = paramsHash(stage.name, params, model)
  await run.end(stage.name, { state: 'completed', paramsHash: hash, ...(model && { model }) })
}

/** A stopped stage becomes `pending` if another start will continue it, otherwise `cancelled`. */
async function recordAbort(stage: Stage, run: JobRun, reason: unknown): Promise<void> {
  if (reason instanceof StageFailure) {
    await run.end(stage.name, { state: 'cancelled', reason: `the stage ${reason.stage} failed` })
  } else if (reason instanceof JobAbort && reason.kind === 'closing') {
    await run.end(stage.name, { state: 'pending' })
  }
  // Otherwise the job was cancelled or belongs to another worker, so nothing may be written.
}

function stageContext(stage: Stage, run: JobRun, job: JobContext): StageContext {
  const save = (state: unknown, store?: Store) => run.save(stage.name, state, store)
  return {
    job,
    frames: (sinks, from, signal) => job.pass.frames(stage.name, [sinks].flat(), from, signal),
    items: (kind, signal) => liveItems(job, kind, signal),
    draft: kind => new ContentDraft(kind, job, save),
    report: progress => run.report(stage.name, progress),
    count: (counter, more = 1) => run.count(stage.name, counter, more),
    warn: warning => {
      job.logger.warn({ err: warning, jobId: job.jobId, videoId: job.videoId, stage: stage.name }, warning.message)
      run.warn(stage.name, warning)
    },
    save,
    resume: schema => run.resume(stage.name, schema),
  }
}
