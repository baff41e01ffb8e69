import type { Seconds } from '@cuewire/protocol'
import { cueStrengths } from './cues.js'
import { neighbourScatter, RunningSum, type UnitVector, unitVectors } from './unit-vectors.js'

/** A sentence as the segmenter sees it. */
export interface Unit {
  readonly start: Seconds
  readonly end: Seconds
  readonly text: string
  /** Keys of its content words. */
  readonly keys: readonly string[]
  /** Who says it, where known. */
  readonly speaker?: string | undefined
}

/**
 * Cost of a boundary, in scatters of one sentence (`neighbourScatter`). A cut anywhere saves about 1, since two means
 * fit better than one, and the best of many cuts saves more. Chosen on documents joined of unlike texts and on
 * lectures, where a higher cost misses subjects and a lower one cuts within them.
 */
const BOUNDARY_COST = { meanings: 1.8, words: 1.5 }
/** What evidence for a boundary takes off that cost, at most. */
const CUE_GAIN = 1.5
const PAUSE_GAIN = 1.5
const CUT_GAIN = 0.5
const SPEAKER_GAIN = 0.8
/** A pause counts fully if it is this much longer, in seconds, than the usual pause of the talk. */
const LONG_PAUSE = 0.8
/** A cut belongs to a sentence that starts at most this many seconds after it. */
const CUT_LEAD: Seconds = 1.5

/** Longest chapter: this many seconds, or this multiple of the shortest mean length if that is longer. */
const LONGEST: Seconds = 600
const LONGEST_SHARE = 4

/** Bounds the work. Far above a talk of three hours; longer texts have their sentences merged. */
const MAX_UNITS = 4000
const MAX_KEYS = 60
const MAX_RUN = 400

export interface ChapterLimits {
  readonly minimum: Seconds
  readonly maximum: number
}

/** Shortest chapter for a video of this length. */
export function minimumChapter(duration: Seconds): Seconds {
  return Math.min(90, Math.max(15, duration * 0.02))
}

/** Most chapters for a video of this length: 4 for a minute and a half, 10 for ten minutes, 24 for an hour. */
export function maximumChapters(duration: Seconds): number {
  return Math.max(1, Math.floor(1 + 3 * Math.sqrt(duration / 60)))
}

/** Most chapters for speech of this length, whose boundaries are surer: 6 for a minute and a half, 32 for an hour. */
export function maximumTopics(duration: Seconds): number {
  return Math.max(1, Math.floor(2 + 4 * Math.sqrt(duration / 60)))
}

/** Sentences of one unit, in a text of so many: longer texts are looked at in coarser steps. */
export function unitSize(sentences: number): number {
  return Math.max(1, Math.ceil(sentences / MAX_UNITS))
}

export interface TopicEvidence {
  /** One for each unit of `unitSize` sentences, of length 1, from one sentence model. */
  readonly meanings?: readonly Float32Array[]
  /** Times of the cuts of the picture, in order. */
  readonly cuts?: readonly Seconds[]
}

/**
 * Indices of the sentences that start a new topic: the segmentation with the least scatter within its segments and the
 * least cost of boundaries, by dynamic programming. Openings ("Okay, next ..."), long pauses, cuts and changes
 * of speaker make a boundary cheaper. A segment is never shorter than `minimum`. If there are too many segments, boundaries become more expensive.
 */
export function topicBoundaries(
  sentences: readonly Unit[],
  limits: ChapterLimits,
  { meanings, cuts = [] }: TopicEvidence = {},
): number[] {
  if (sentences.length < 4) return []
  const size = unitSize(sentences.length)
  const units = size > 1 ? inGroups(sentences, size) : sentences
  const vectors = unitVectors(
    units.map(({ keys }) => keys),
    meanings,
  )
  const scatter = neighbourScatter(vectors)
  const base = meanings ? BOUNDARY_COST.meanings : BOUNDARY_COST.words
  const costs = boundaryGains(units, cuts).map(gain => (base - gain) * scatter)
  const fits = segmentFits(units, vectors, limits)
  for (let penalty = 0; ; penalty = penalty * 1.25 + 0.05) {
    const found = cheapest(fits, costs, penalty)
    if (found.length < limits.maximum) return found.map(at => at * size)
  }
}

/** Units of `size` sentences each. */
function inGroups(units: readonly Unit[], size: number): Unit[] {
  return Array.from({ length: Math.ceil(units.length / size) }, (_, at) => {
    const group = units.slice(at * size, (at + 1) * size)
    const keys = group.flatMap(unit => unit.keys).slice(0, MAX_KEYS)
    return {
      start: group[0]?.start ?? 0,
      end: group.reduce((end, unit) => Math.max(end, unit.end), 0),
      text: group[0]?.text ?? '',
      speaker: group[0]?.speaker,
      keys,
    }
  })
}

/** How much speaks for a new topic at each unit, in scatters of one sentence. */
function boundaryGains(units: readonly Unit[], cuts: readonly Seconds[]): number[] {
  const pauses = units.map((unit, at) => Math.max(0, unit.start - (units[at - 1]?.end ?? unit.start)))
  const usual = quantile(pauses.slice(1), 0.5)
  const long = Math.max(LONG_PAUSE, quantile(pauses.slice(1), 0.85) - usual)
  const cues = cueStrengths(units.map(({ text }) => text))
  const cutsBefore = cutsAt(units, cuts)
  const turns = units.map(({ speaker }, at) => at > 0 && speaker !== units[at - 1]?.speaker)
  // A cut at every sentence tells nothing, nor does a dialogue.
  const cutShare = shareOf(cutsBefore)
  const turnShare = shareOf(turns)
  return pauses.map((pause, at) => {
    const pauseGain = PAUSE_GAIN * Math.min(1, Math.max(0, (pause - usual) / long))
    const cutGain = cutsBefore[at] ? CUT_GAIN * (1 - cutShare) : 0
    const turnGain = turns[at] ? SPEAKER_GAIN * (1 - turnShare) : 0
    return pauseGain + cutGain + turnGain + CUE_GAIN * (cues[at] ?? 0)
  })
}

const shareOf = (flags: readonly boolean[]) => flags.filter(Boolean).length / flags.length

/** Whether the picture cuts shortly before each unit starts. */
function cutsAt(units: readonly Unit[], cuts: readonly Seconds[]): boolean[] {
  let next = 0
  return units.map(({ start }) => {
    while ((cuts[next] ?? Number.POSITIVE_INFINITY) < start - CUT_LEAD) next += 1
    return (cuts[next] ?? Number.POSITIVE_INFINITY) <= start
  })
}

/**
 * Scatter of each run of units: `fits[start][n]` covers the n + 1 units from `start`, and is infinite if they are too
 * short. Runs that are too long are left out, except single units.
 */
function segmentFits(
  units: readonly Unit[],
  vectors: readonly UnitVector[],
  { minimum, maximum }: ChapterLimits,
): Float64Array[] {
  const last = units.at(-1)?.end ?? 0
  const longest = Math.max(LONGEST, (LONGEST_SHARE * last) / maximum)
  return units.map((first, start) => {
    const farthest = Math.min(units.length, start + MAX_RUN)
    const from = start === 0 ? 0 : first.start
    const sum = new RunningSum(vectors[0]?.meaning.length ?? 0)
    const fits: number[] = []
    for (let end = start + 1; end <= farthest; end += 1) {
      const vector = vectors[end - 1]
      if (vector) sum.add(vector)
      const length = (units[end]?.start ?? last) - from
      if (length > longest && end > start + 1) break
      const isWhole = start === 0 && end === units.length
      fits.push(length < minimum && !isWhole ? Number.POSITIVE_INFINITY : sum.scatter)
    }
    return Float64Array.from(fits)
  })
}

/** The boundaries of the cheapest path, with `penalty` added per boundary. */
function cheapest(fits: readonly Float64Array[], costs: readonly number[], penalty: number): number[] {
  const best = new Float64Array(fits.length + 1).fill(Number.POSITIVE_INFINITY)
  const from = new Int32Array(fits.length + 1)
  best[0] = 0
  for (const [start, runs] of fits.entries()) {
    const before = (best[start] ?? 0) + (start > 0 ? (costs[start] ?? 0) + penalty : 0)
    if (!Number.isFinite(before)) continue
    for (const [n, fit] of runs.entries()) {
      const end = start + n + 1
      if (before + fit < (best[end] ?? 0)) {
        best[end] = before + fit
        from[end] = start
      }
    }
  }
  const boundaries: number[] = []
  for (let end = from[fits.length] ?? 0; end > 0; end = from[end] ?? 0) boundaries.push(end)
  return boundaries.reverse()
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * share)] ?? 0
}
