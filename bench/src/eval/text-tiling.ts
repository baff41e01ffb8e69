import { contentKeys } from '@cuewire/server/domain/text/terms.js'

/** Sentences compared on each side of a gap. */
const BLOCK = 4

/**
 * TextTiling (Hearst, 1997) on sentences: a boundary where the words of the blocks before and after differ most, if the
 * depth of that valley is above the mean less half a standard deviation. Returns the numbers of the sentences that
 * begin a segment.
 */
export function textTiling(sentences: readonly string[]): number[] {
  const counts = sentences.map(sentence => counted(contentKeys(sentence)))
  const gaps = sentences.slice(1).map((_, at) => {
    const gap = at + 1
    return cosine(joined(counts.slice(Math.max(0, gap - BLOCK), gap)), joined(counts.slice(gap, gap + BLOCK)))
  })
  const depths = gaps.map((value, at) => peak(gaps, at, -1) + peak(gaps, at, 1) - 2 * value)
  const mean = depths.reduce((sum, depth) => sum + depth, 0) / depths.length
  const deviation = Math.sqrt(depths.reduce((sum, depth) => sum + (depth - mean) ** 2, 0) / depths.length)
  const isValley = (at: number) => (gaps[at] ?? 0) <= (gaps[at - 1] ?? 1) && (gaps[at] ?? 0) < (gaps[at + 1] ?? 1)
  return depths.flatMap((depth, at) => (depth > mean - deviation / 2 && isValley(at) ? at + 1 : []))
}

/** The value at the top of the slope that leads away from a gap. */
function peak(gaps: readonly number[], from: number, step: -1 | 1): number {
  let at = from
  while ((gaps[at + step] ?? -1) >= (gaps[at] ?? 0)) at += step
  return gaps[at] ?? 0
}

function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

function joined(parts: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const sum = new Map<string, number>()
  for (const part of parts) for (const [key, count] of part) sum.set(key, (sum.get(key) ?? 0) + count)
  return sum
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const product = [...a].reduce((sum, [key, count]) => sum + count * (b.get(key) ?? 0), 0)
  return product === 0 ? 0 : product / (Math.hypot(...a.values()) * Math.hypot(...b.values()))
}
