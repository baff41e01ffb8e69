import type { StageName } from '@cuewire/protocol'
import { FED_STAGES } from './decode-pass.js'
import type { StageFailure } from './job-abort.js'
import type { JobRun } from './job-run.js'
import { runStage } from './run-stage.js'
import type { JobContext, Stage } from './stage.js'
import { chapters } from './stages/chapters.js'
import { decode } from './stages/decode.js'
import { objects } from './stages/objects.js'
import { probe } from './stages/probe.js'
import { shots } from './stages/shots.js'
import { timeline } from './stages/timeline.js'
import { transcript } from './stages/transcript.js'

/** The stages in order. Those whose needs have ended run at the same time. */
const PIPELINE: readonly Stage[] = [probe, decode, shots, objects, transcript, chapters, timeline]

/** The stages a job has to run for those named: they, what builds on them, and `decode` where one of them lives on it. */
export function stagesFor(named: readonly StageName[]): StageName[] {
  const chosen = new Set<StageName>(named)
  for (const stage of PIPELINE) {
    if (buildsOn(stage).some(name => chosen.has(name))) chosen.add(stage.name)
  }
  if (FED_STAGES.some(name => chosen.has(name))) chosen.add('decode')
  return PIPELINE.map(stage => stage.name).filter(name => chosen.has(name))
}

/** Every stage. */
export function allStages(): StageName[] {
  return PIPELINE.map(stage => stage.name)
}

/**
 * Runs the stages of a job that have not ended in a former attempt. The first failure aborts the others; this returns
 * only when all of them have come to rest, and throws that failure, or the signal's reason.
 */
export async function runPipeline(run: JobRun, context: JobContext, signal: AbortSignal): Promise<void> {
  const failure = new AbortController()
  const either = AbortSignal.any([signal, failure.signal])
  const ends = new Map<StageName, Promise<void>>()
  for (const stage of PIPELINE) {
    if (!run.has(stage.name)) continue
    const needed = stage.needs.map(name => ends.get(name))
    const scope = { job: context, signal: either, failed: (error: StageFailure) => failure.abort(error) }
    ends.set(
      stage.name,
      Promise.all(needed)
        .then(() => runStage(stage, run, scope))
        .catch((error: unknown) => {
          failure.abort(error)
          throw error
        }),
    )
  }
  await Promise.allSettled(ends.values())
  signal.throwIfAborted()
  failure.signal.throwIfAborted()
}

function buildsOn({ name, needs }: Stage): StageName[] {
  return FED_STAGES.some(fed => fed === name) ? [...needs, 'decode'] : [...needs]
}
