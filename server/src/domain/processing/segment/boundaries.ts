import type { Seconds } from '@cuewire/protocol'

/** A sentence as the segmenter sees it. */
export interface Unit {
  readonly start: Seconds
  readonly end: Seconds
  readonly text: string
  /** Keys of its content words. */
  readonly keys: readonly string[]
}

/**
 * Cost of a boundary in nats of description length, and how much a pause reduces it. Tuned on the synthetic
 * segmentation benchmark.
 */
const PRIOR_WEIGHT = 1.4
const PAUSE_GAIN = 10
/**
 * Unseen words get this many times the probability of Laplace's rule. Otherwise every short run of new words would
 * become a topic.
 */
const SMOOTHING = 2
const CUE_GAIN = 4
/** Openings that announce a new subject. */
const CUE =
  /^(?:now (?:we|let|let's|to|for)|next|finally|let us (?:begin|turn|now)|let's (?:turn|move|talk|look|begin|start)|moving on|turning to|in this (?:part|section|chapter)|chapter|part (?:one|two|three|\d)|our (?:first|second|third|next|last) (?:topic|subject|part|story))\b/i
/** A pause counts fully if it is this much longer, in seconds, than the usual pause of the talk. */
const LONG_PAUSE = 0.8

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
  return Math.min(90, Math.max(17, duration * 0.025))
}

/** Most chapters for a video of this length: 4 for a minute and a half, 10 for ten minutes, 24 for an hour. */
export function maximumChapters(duration: Seconds): number {
  return Math.max(1, Math.floor(1 + 3 * Math.sqrt(duration / 60)))
}

/**
 * Indices of the units that start a new topic: the segmentation with the least description length, by dynamic
 * programming (Utiyama and Isahara, "A statistical model for domain-independent text segmentation", 2001). A long pause
 * makes a boundary cheaper. A segment is never shorter than `minimum`. If there are too many segments, boundaries
 * become more expensive.
 */
export function topicBoundaries(units: readonly Unit[], limits: ChapterLimits): number[] {
  if (units.length < 4) return []
  const size = Math.ceil(units.length / MAX_UNITS)
  const joined = size > 1 ? inGroups(units, size) : units
  const costs = boundaryCosts(joined)
  const fits = segmentFits(joined, limits)
  for (let penalty = 0; ; penalty = penalty * 1.25 + 0.25) {
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
      keys,
    }
  })
}

/** Cost of starting a topic at each unit. */
function boundaryCosts(units: readonly Unit[]): number[] {
  const pauses = units.map((unit, at) => Math.max(0, unit.start - (units[at - 1]?.end ?? unit.start)))
  const usual = quantile(pauses.slice(1), 0.5)
  const long = Math.max(LONG_PAUSE, quantile(pauses.slice(1), 0.85) - usual)
  const words = units.reduce((sum, unit) => sum + unit.keys.length, 0)
  const prior = PRIOR_WEIGHT * Math.log(Math.max(2, words))
  return pauses.map((pause, at) => {
    const gain = PAUSE_GAIN * Math.min(1, Math.max(0, (pause - usual) / long))
    return prior - gain - (CUE.test(units[at]?.text ?? '') ? CUE_GAIN : 0)
  })
}

/**
 * Cost of describing each run of units by its own words, in nats: `fits[start][n]` covers the n + 1 units from `start`,
 * and is infinite if they are too short. Runs that are too long are left out, except single units.
 */
function segmentFits(units: readonly Unit[], { minimum, maximum }: ChapterLimits): Float64Array[] {
  const vocabulary = SMOOTHING * new Set(units.flatMap(unit => unit.keys)).size
  const last = units.at(-1)?.end ?? 0
  const longest = Math.max(LONGEST, (LONGEST_SHARE * last) / maximum)
  return units.map((first, start) => {
    const farthest = Math.min(units.length, start + MAX_RUN)
    const from = start === 0 ? 0 : first.start
    const counts = new Map<string, number>()
    const fits: number[] = []
    let words = 0
    let repeats = 0
    for (let end = start + 1; end <= farthest; end += 1) {
      for (const key of units[end - 1]?.keys ?? []) {
        const count = counts.get(key) ?? 0
        repeats += (count + 1) * Math.log(count + 2) - count * Math.log(count + 1)
        counts.set(key, count + 1)
        words += 1
      }
      const length = (units[end]?.start ?? last) - from
      if (length > longest && end > start + 1) break
      const isWhole = start === 0 && end === units.length
      fits.push(
        length < minimum && !isWhole ? Number.POSITIVE_INFINITY : words * Math.log(words + vocabulary) - repeats,
      )
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
