import { type Band, type Id, KIND_NAMES, kindOf, type Modality, type Seconds } from '@cuewire/protocol'
import { GrowingMoments } from './growing-moments.js'

/** A row of one kind of evidence that matches a query. */
export interface Evidence {
  readonly modality: Modality
  readonly videoId: Id
  readonly videoTitle: string
  readonly start: Seconds
  readonly end: Seconds
  readonly text: string
  /** Words of the query it matches. */
  readonly terms: readonly string[]
  /** Of something seen: how far its label can be trusted. */
  readonly band?: Band
  /** Rank among the rows of its kind, from 1. */
  readonly rank: number
}

/** Rows close together in one video, best first. */
export interface Moment {
  readonly videoId: Id
  readonly videoTitle: string
  readonly start: Seconds
  readonly end: Seconds
  readonly evidence: readonly Evidence[]
  readonly score: number
}

const MOMENTS: ReadonlySet<string> = new Set(
  KIND_NAMES.flatMap(name => {
    const { search } = kindOf(name)
    return search?.as === 'moment' ? search.modality : []
  }),
)

/** Rank constant of reciprocal rank fusion (Cormack, Clarke and Buettcher, 2009). */
const K = 60

/**
 * Merges neighbouring sentences and detections into moments. Chapters and titles support the moments within them, or
 * stand alone if there are none. Scores are reciprocal rank fusion over the kinds of evidence.
 */
export function momentsOf(evidence: readonly Evidence[]): Moment[] {
  const growing = new GrowingMoments<Evidence>()
  for (const row of evidence.filter(isLocal).sort(byRank)) growing.add(row)
  for (const row of evidence.filter(row => !isLocal(row))) {
    const within = growing.of(row.videoId).filter(([first]) => first && inside(first, row))
    if (within.length > 0) for (const moment of within) moment.push(row)
    else growing.begin(row)
  }
  return growing.all.flatMap(rows => toMoment(rows) ?? [])
}

/** Whether the row belongs to one moment, not to a longer context. */
function isLocal({ modality }: Evidence): boolean {
  return MOMENTS.has(modality)
}

/** The band for a share (0..1) of the query's weight. */
export function bandOf(coverage: number): Band {
  return coverage >= 0.75 ? 'high' : coverage >= 0.4 ? 'medium' : 'low'
}

/** Best first, so that moments grow around the best rows. */
function byRank(a: Evidence, b: Evidence): number {
  return a.rank - b.rank || byPlace(a, b)
}

function byPlace(a: Evidence, b: Evidence): number {
  return a.videoId < b.videoId ? -1 : a.videoId > b.videoId ? 1 : a.start - b.start || a.end - b.end
}

const inside = (row: Evidence, wide: Evidence) =>
  wide.modality === 'title' || (row.start >= wide.start && row.start < wide.end)

function toMoment(rows: readonly Evidence[]): Moment | undefined {
  const [first] = rows
  if (!first) return undefined
  const placed = rows.filter(row => row.modality === first.modality || isLocal(row))
  const best = new Map<Modality, number>()
  for (const row of rows) best.set(row.modality, Math.min(best.get(row.modality) ?? row.rank, row.rank))
  return {
    videoId: first.videoId,
    videoTitle: first.videoTitle,
    start: Math.min(...placed.map(row => row.start)),
    end: Math.max(...placed.map(row => row.end)),
    evidence: [...rows].sort((a, b) => b.terms.length - a.terms.length || a.rank - b.rank),
    score: [...best.values()].reduce((sum, rank) => sum + 1 / (K + rank), 0),
  }
}
