import type { LabelSummary, Seconds, Shot } from '@cuewire/protocol'

interface Group {
  readonly start: Seconds
  readonly end: Seconds
  /** Label -> seconds it is seen. */
  readonly seen: ReadonlyMap<string, number>
}

/**
 * Starts of groups of shots that show the same things: the neighbours most alike are joined until none is shorter than
 * `minimum` and there are at most `maximum`.
 */
export function shotGroups(
  shots: readonly Shot[],
  labels: readonly LabelSummary[],
  limits: { readonly minimum: Seconds; readonly maximum: number },
): Seconds[] {
  const groups: Group[] = shots.map(({ start, end }) => ({ start, end, seen: seenIn(labels, start, end) }))
  while (groups.length > 1) {
    const short = groups.findIndex(group => group.end - group.start < limits.minimum)
    if (short < 0 && groups.length <= limits.maximum) break
    const at = short < 0 ? mostAlike(groups) : nearerNeighbour(groups, short)
    const [a, b] = [groups[at], groups[at + 1]]
    if (!a || !b) break
    groups.splice(at, 2, { start: a.start, end: b.end, seen: merged(a.seen, b.seen) })
  }
  return groups.map(group => group.start)
}

/** Labels seen in a span, and for how many seconds. */
function seenIn(labels: readonly LabelSummary[], start: Seconds, end: Seconds): Map<string, number> {
  const seen = new Map<string, number>()
  for (const { label, spans } of labels) {
    const seconds = spans.reduce(
      (sum, span) => sum + Math.max(0, Math.min(end, span.end) - Math.max(start, span.start)),
      0,
    )
    if (seconds > 0) seen.set(label, seconds)
  }
  return seen
}

function merged(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): Map<string, number> {
  const seen = new Map(a)
  for (const [label, seconds] of b) seen.set(label, (seen.get(label) ?? 0) + seconds)
  return seen
}

/** The first of the two neighbours to join; among equals those that are shortest together. */
function mostAlike(groups: readonly Group[]): number {
  let best = 0
  for (let at = 1; at + 1 < groups.length; at += 1) if (joinScore(groups, at) > joinScore(groups, best)) best = at
  return best
}

function nearerNeighbour(groups: readonly Group[], at: number): number {
  if (at === 0) return 0
  if (at === groups.length - 1) return at - 1
  return joinScore(groups, at) > joinScore(groups, at - 1) ? at : at - 1
}

function joinScore(groups: readonly Group[], at: number): number {
  const [a, b] = [groups[at], groups[at + 1]]
  if (!a || !b) return Number.NEGATIVE_INFINITY
  return cosine(a.seen, b.seen) - (b.end - a.start) / ((groups.at(-1)?.end ?? 1) + 1)
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const norm = (seen: ReadonlyMap<string, number>) => Math.hypot(...seen.values())
  const product = [...a].reduce((sum, [label, seconds]) => sum + seconds * (b.get(label) ?? 0), 0)
  return product === 0 ? 0 : product / (norm(a) * norm(b))
}
