import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ShotDetector } from '@cuewire/server/domain/processing/shots/shot-detector.js'
import { TINY } from '@cuewire/server/domain/processing/shots/tiny-frame.js'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import type { Measure, MeasureOptions, Row } from './measure.js'
import { BASELINES, type Baseline } from './montage/baselines.js'
import { DISTRACTOR_NAMES } from './montage/distractors.js'
import { STOCKS } from './montage/footage.js'
import { type Montage, planMontage } from './montage/montage.js'
import { renderMontage } from './montage/render-montage.js'
import { type Counts, f1, type Scored, score, sum } from './montage/score.js'

// Five seeds a set: one for each frame rate, the last of them variable.
const SEEDS = { development: [1, 2, 3, 4, 5], 'held out': [101, 102, 103, 104, 105] } as const
const TARGETS = { cut: '>= 0.95', dissolve: '>= 0.8', fade: '>= 0.8' } as const

interface Run {
  readonly montage: Montage
  readonly own: Scored
  readonly baselines: Readonly<Record<string, Scored>>
  readonly frames: number
  readonly cpuMs: number
}

/** Shot boundaries of generated montages against their exact places and types, and what was taken for one. */
export const shots: Measure = async options => {
  const rows: Row[] = []
  for (const set of Object.keys(STOCKS) as (keyof typeof STOCKS)[]) {
    const runs: Run[] = []
    for (const seed of SEEDS[set]) {
      options.progress(`${set}, montage ${seed}`)
      runs.push(await measureMontage(await planMontage(seed, STOCKS[set], options.signal), options))
    }
    rows.push(...rowsOf(set, runs))
  }
  return { rows }
}

async function measureMontage(montage: Montage, { signal }: MeasureOptions): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-montage-'))
  try {
    const file = join(folder, 'montage.mp4')
    await renderMontage(montage, file, signal)
    return await detect(montage, file, signal)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function detect(montage: Montage, file: string, signal: AbortSignal): Promise<Run> {
  const media = createMediaTools()
  const own = ownDetector()
  const baselines = Object.entries(BASELINES).map(([name, make]) => [name, make()] as const)
  let [frames, cpuMs] = [0, 0]
  const frame = ({ at, data }: { at: number; data: Uint8Array }) => {
    const before = process.cpuUsage()
    own.push(at, data)
    const { user, system } = process.cpuUsage(before)
    cpuMs += (user + system) / 1000
    frames += 1
    for (const [, baseline] of baselines) baseline.push(at, data)
  }
  await media.decode(file, await media.probe(file), { sinks: [{ ...TINY, rate: 'every', frame }] }, signal)
  const scored = (detector: Baseline) => score(montage.transitions, detector.finish())
  const others = Object.fromEntries(baselines.map(([name, baseline]) => [name, scored(baseline)]))
  return { montage, own: scored(own), baselines: others, frames, cpuMs }
}

function ownDetector(): Baseline {
  const detector = new ShotDetector()
  const found: ReturnType<ShotDetector['push']> = []
  const push = (at: number, data: Uint8Array) => void found.push(...detector.push(at, data))
  const finish = () => {
    const all = [...found, ...detector.finish(0)]
    return all.slice(1).map(({ start, gradual }) => ({ at: start, type: gradual?.type ?? ('cut' as const) }))
  }
  return { push, finish }
}

function rowsOf(set: string, runs: readonly Run[]): Row[] {
  const others = (counts: (scored: Scored) => Counts) =>
    Object.keys(BASELINES).map(name => {
      const scored = runs.flatMap(({ baselines }) => baselines[name] ?? [])
      return `${name} ${f1(sum(scored.map(counts))).toFixed(2)}`
    })
  const found = (counts: (scored: Scored) => Counts) => describe(sum(runs.map(({ own }) => counts(own))))
  const types = (['cut', 'dissolve', 'fade'] as const).map(
    (type): Row => ({
      set,
      what: `${type} F1`,
      found: found(({ byType }) => byType[type]),
      target: TARGETS[type],
      ...(type === 'cut' && { baselines: others(({ byType }) => byType.cut).join(', ') }),
    }),
  )
  const all = ({ all }: Scored) => all
  const frames = runs.reduce((total, run) => total + run.frames, 0)
  const cpuMs = runs.reduce((total, run) => total + run.cpuMs, 0)
  return [
    ...types,
    { set, what: 'any boundary F1, by place', found: found(all), baselines: others(all).join(', ') },
    { set, what: 'false boundaries near distractors', found: falseAlarms(runs), target: 'none' },
    { set, what: 'CPU ms per 1000 frames', found: ((cpuMs / frames) * 1000).toFixed(0) },
  ]
}

function describe(counts: Counts): string {
  const { hits, missed, wrong } = counts
  return `${f1(counts).toFixed(3)} (${hits} found, ${missed} missed, ${wrong} wrong)`
}

/** How many distractors of each kind had a false boundary near them. */
function falseAlarms(runs: readonly Run[]): string {
  const near = ({ montage, own }: Run, name: string) => {
    const places = montage.distractors.filter(distractor => distractor.name === name)
    const bad = places.filter(({ start, end }) => own.falseAlarms.some(({ at }) => at > start - 0.3 && at < end + 0.3))
    return { bad: bad.length, all: places.length }
  }
  const kinds = DISTRACTOR_NAMES.map(name => {
    const counts = runs.map(run => near(run, name))
    const total = (key: 'bad' | 'all') => counts.reduce((sum, count) => sum + count[key], 0)
    return { name, bad: total('bad'), all: total('all') }
  })
  const failing = kinds.filter(({ bad }) => bad > 0).map(({ name, bad, all }) => `${name} ${bad} of ${all}`)
  const all = kinds.reduce((sum, kind) => sum + kind.all, 0)
  return failing.length === 0 ? `0 of ${all}` : failing.join(', ')
}
