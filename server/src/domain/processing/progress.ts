import type { StageName, StageProgress, StageStatus } from '@cuewire/protocol'
import { PLAN } from './plan.js'

const WEIGHTS: ReadonlyMap<StageName, number> = new Map(PLAN.map(({ name, weight }) => [name, weight]))

const ENRICHING: ReadonlySet<StageName> = new Set(PLAN.filter(({ enriches }) => enriches).map(({ name }) => name))

const DONE: ReadonlySet<StageStatus['state']> = new Set(['completed', 'skipped'])

/** Share of all the work of the stages that is done, 0 to 1. */
export function jobProgress(stages: Iterable<StageStatus>): number {
  let done = 0
  let total = 0
  for (const stage of stages) {
    const weight = WEIGHTS.get(stage.name) ?? 0
    total += weight
    done += weight * shareDone(stage)
  }
  return total === 0 ? 0 : Math.round((done / total) * 1000) / 1000
}

/** Adds speed and remaining time to a report, estimated from this attempt's work in `elapsedMs`. */
export function withSpeed(
  report: Pick<StageProgress, 'done' | 'total' | 'unit'>,
  begun: number,
  elapsedMs: number,
): StageProgress {
  const done = round(Math.min(report.done, report.total))
  const progress: StageProgress = { done, total: round(report.total), unit: report.unit }
  const gained = done - begun
  if (report.unit !== 'seconds' || gained <= 0 || elapsedMs <= 0) return progress
  const speed = gained / (elapsedMs / 1000)
  return { ...progress, speed: round(speed), etaMs: Math.round(((report.total - done) / speed) * 1000) }
}

function shareDone(stage: StageStatus): number {
  if (DONE.has(stage.state)) return 1
  if (stage.state === 'failed' && ENRICHING.has(stage.name)) return 1
  if (!stage.progress || stage.progress.total === 0) return 0
  return stage.progress.done / stage.progress.total
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
