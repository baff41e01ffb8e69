import type { TransitionType, TrueBoundary } from './montage.js'

/** A boundary that a detector reports. `type` is `undefined` if the detector does not tell gradual ones from cuts. */
export interface FoundBoundary {
  readonly at: number
  readonly type: TransitionType | undefined
}

// Two frames at 24 fps and a little more; a gradual boundary may be anywhere in its span, and this far beside it.
const CUT_TOLERANCE_SECONDS = 0.1
const SPAN_TOLERANCE_SECONDS = 0.2

export interface Counts {
  readonly hits: number
  readonly missed: number
  readonly wrong: number
}

export interface Scored {
  /** Boundaries of a type: a hit has the right place and the right type. */
  readonly byType: Readonly<Record<TransitionType, Counts>>
  /** Boundaries of any type, by place alone. */
  readonly all: Counts
  /** Reported boundaries that match no true one, by place. */
  readonly falseAlarms: readonly FoundBoundary[]
  readonly misses: readonly TrueBoundary[]
}

/** Compares boundaries with the truth. Each true one is matched at most once. */
export function score(truth: readonly TrueBoundary[], found: readonly FoundBoundary[]): Scored {
  const { hits, misses, wrong } = match(truth, found)
  const ofType = (type: TransitionType) =>
    counts(
      match(
        truth.filter(boundary => boundary.type === type),
        found.filter(boundary => boundary.type === type),
      ),
    )
  const byType = { cut: ofType('cut'), dissolve: ofType('dissolve'), fade: ofType('fade') }
  return { byType, all: { hits, missed: misses.length, wrong: wrong.length }, falseAlarms: wrong, misses }
}

function match(truth: readonly TrueBoundary[], found: readonly FoundBoundary[]) {
  const left = new Set(found)
  const misses: TrueBoundary[] = []
  for (const boundary of truth) {
    const hit = [...left].find(({ at }) => isNear(boundary, at))
    if (hit) left.delete(hit)
    else misses.push(boundary)
  }
  return { hits: truth.length - misses.length, misses, wrong: [...left] }
}

const counts = ({ hits, misses, wrong }: ReturnType<typeof match>): Counts => ({
  hits,
  missed: misses.length,
  wrong: wrong.length,
})

function isNear({ type, start, end }: TrueBoundary, at: number): boolean {
  const tolerance = type === 'cut' ? CUT_TOLERANCE_SECONDS : SPAN_TOLERANCE_SECONDS
  return at >= start - tolerance && at <= end + tolerance
}

export const sum = (counts: readonly Counts[]): Counts => ({
  hits: counts.reduce((total, { hits }) => total + hits, 0),
  missed: counts.reduce((total, { missed }) => total + missed, 0),
  wrong: counts.reduce((total, { wrong }) => total + wrong, 0),
})

/** Harmonic mean of precision and recall; 1 where there was nothing to find and nothing was found. */
export function f1({ hits, missed, wrong }: Counts): number {
  return hits + missed + wrong === 0 ? 1 : (2 * hits) / (2 * hits + missed + wrong)
}
