import { setMaxListeners } from 'node:events'
import type { StageName } from '@cuewire/protocol'
import { deferred } from '../../lib/deferred.js'
import type { StageFailure } from './job-abort.js'
import type { JobRun } from './job-run.js'
import { loadAhead } from './load-ahead.js'
import { makerOf, PLAN, stagesBefore } from './plan.js'
import { runStage } from './run-stage.js'
import type { JobContext } from './stage.js'

/**
 * Runs the stages of a job that earlier attempts have not ended, each as soon as its complete inputs are there. The
 * first failure aborts the others. Returns only when all have stopped, and throws that failure or the signal's reason.
 */
export async function runPlan(
  run: JobRun,
  shared: Omit<JobContext, 'ended'>,
  signal: AbortSignal,
): Promise<JobContext> {
  const failure = new AbortController()
  const either = AbortSignal.any([signal, failure.signal])
  // Every frame and span in progress listens to this signal.
  setMaxListeners(0, either)
  const stages = PLAN.filter(stage => run.has(stage.name))
  const ends = new Map(stages.map(stage => [stage.name, deferred()]))
  const ended = async (name: StageName | undefined) => await (name && ends.get(name)?.promise)
  const job: JobContext = { ...shared, ended: kind => ended(makerOf(kind)?.name) }
  const scope = { job, signal: either, failed: (error: StageFailure) => failure.abort(error) }
  const pending = stages.filter(({ name }) => run.status(name).state === 'pending')
  // The model of the heaviest stage takes the longest to load.
  const heaviestFirst = pending.toSorted((a, b) => b.weight - a.weight)
  loadAhead(
    shared.models,
    heaviestFirst.flatMap(({ models = [], loadsFor }) => (loadsFor?.(shared.info) ? models : [])),
  )
  await Promise.all(
    stages.map(async stage => {
      try {
        await Promise.all(stagesBefore(stage).map(ended))
        await runStage(stage, run, scope)
      } catch (error) {
        failure.abort(error)
      } finally {
        ends.get(stage.name)?.resolve()
      }
    }),
  )
  signal.throwIfAborted()
  failure.signal.throwIfAborted()
  return job
}
