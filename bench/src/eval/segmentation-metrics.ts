/** Segmentations are numbers of the units that begin a segment, without the first. */

/** Share of windows in which one of the two has a boundary and the other none (Beeferman et al., 1999); 0 is best. */
export function pk(truth: readonly number[], found: readonly number[], units: number): number {
  return windows(truth, found, units, (a, b) => a > 0 !== b > 0)
}

/** Share of windows in which the two differ in the number of boundaries (Pevzner and Hearst, 2002); 0 is best. */
export function windowDiff(truth: readonly number[], found: readonly number[], units: number): number {
  return windows(truth, found, units, (a, b) => a !== b)
}

/** F1 of boundary times in seconds, each matched with at most one other within a tolerance; 1 when both have none. */
export function boundaryF1Within(truth: readonly number[], found: readonly number[], tolerance: number): number {
  if (truth.length + found.length === 0) return 1
  const free = [...truth]
  let hits = 0
  for (const time of found) {
    const at = free.findIndex(other => Math.abs(other - time) <= tolerance)
    if (at < 0) continue
    free.splice(at, 1)
    hits += 1
  }
  return (2 * hits) / (truth.length + found.length)
}

/** The window is half the mean length of a true segment. */
function windows(
  truth: readonly number[],
  found: readonly number[],
  units: number,
  differ: (inTruth: number, inFound: number) => boolean,
): number {
  const size = Math.max(1, Math.round(units / (truth.length + 1) / 2))
  const within = (boundaries: readonly number[], at: number) => boundaries.filter(b => b > at && b <= at + size).length
  const count = Math.max(1, units - size)
  let wrong = 0
  for (let at = 0; at < units - size; at += 1) if (differ(within(truth, at), within(found, at))) wrong += 1
  return wrong / count
}
