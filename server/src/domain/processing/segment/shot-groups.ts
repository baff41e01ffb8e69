import type { LabelSummary, Seconds, TimeRange } from '@cuewire/protocol'

interface Group {
  readonly start: Seconds
  readonly end: Seconds
  /** Label -> seconds it is seen. */
  readonly seen: ReadonlyMap<string, number>
}

interface GroupLimits {
  readonly minimum: Seconds
  readonly maximum: number
}

/**
 * Starts of groups of shots that show the same things: the neighbours most alike are joined until none is shorter than
 * `minimum` and there are at most `maximum`. Shots, and the spans of each label, are in order of time.
 */
export function shotGroups(
  shots: readonly TimeRange[],
  labels: readonly LabelSummary[],
  { minimum, maximum }: GroupLimits,
): Seconds[] {
  const length = (shots.at(-1)?.end ?? 1) + 1
  const score = (a: Group, b: Group) => cosine(a.seen, b.seen) - (b.end - a.start) / length
  const groups = withoutShort(withLabels(shots, labels), minimum, score)
  return atMost(groups, maximum, score).map(group => group.start)
}

type Score = (a: Group, b: Group) => number

/** Joins each group that is too short, the first one first, with the neighbour that is more like it. */
function withoutShort(groups: readonly Group[], minimum: Seconds, score: Score): Group[] {
  const done: Group[] = []
  for (let at = 0; at < groups.length; at += 1) {
    let group = groups[at]
    while (group && group.end - group.start < minimum) {
      const [before, after] = [done.at(-1), groups[at + 1]]
      if (after && (!before || score(group, after) > score(before, group))) {
        group = joined(group, after)
        at += 1
      } else if (before) {
        done.pop()
        group = joined(before, group)
      } else break
    }
    if (group) done.push(group)
  }
  return done
}

/** Joins the two neighbours most alike until there are few enough. Here groups are long, and so at most some thousands. */
function atMost(groups: Group[], maximum: number, score: Score): Group[] {
  const scores = groups.slice(1).map((group, at) => score(groups[at] as Group, group))
  while (groups.length > Math.max(1, maximum)) {
    let best = 0
    for (const [at, value] of scores.entries()) if (value > (scores[best] ?? 0)) best = at
    const [a, b] = [groups[best] as Group, groups[best + 1] as Group]
    groups.splice(best, 2, joined(a, b))
    scores.splice(best, 1)
    for (const at of [best - 1, best]) {
      const [left, right] = [groups[at], groups[at + 1]]
      if (left && right) scores[at] = score(left, right)
    }
  }
  return groups
}

/** The shots with the labels seen in each, and for how many seconds. */
function withLabels(shots: readonly TimeRange[], labels: readonly LabelSummary[]): Group[] {
  const seen = shots.map(() => new Map<string, number>())
  for (const { label, spans } of labels) {
    let first = 0
    for (const [at, shot] of shots.entries()) {
      while ((spans[first]?.end ?? Number.POSITIVE_INFINITY) <= shot.start) first += 1
      let seconds = 0
      for (let next = first; (spans[next]?.start ?? Number.POSITIVE_INFINITY) < shot.end; next += 1)
        seconds += overlap(spans[next] as TimeRange, shot)
      if (seconds > 0) seen[at]?.set(label, seconds)
    }
  }
  return shots.map(({ start, end }, at) => ({ start, end, seen: seen[at] ?? new Map() }))
}

function overlap(a: TimeRange, b: TimeRange): Seconds {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start))
}

function joined(a: Group, b: Group): Group {
  const seen = new Map(a.seen)
  for (const [label, seconds] of b.seen) seen.set(label, (seen.get(label) ?? 0) + seconds)
  return { start: a.start, end: b.end, seen }
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const norm = (seen: ReadonlyMap<string, number>) => Math.hypot(...seen.values())
  const product = [...a].reduce((sum, [label, seconds]) => sum + seconds * (b.get(label) ?? 0), 0)
  return product === 0 ? 0 : product / (norm(a) * norm(b))
}
