import type { Seconds, Shot } from '@cuewire/protocol'
import type { Cut } from './cut-detector.js'

/** Where a shot begins, and how. */
export interface Boundary {
  readonly at: Seconds
  readonly transition: Exclude<Shot['transition'], 'start'>
  readonly gradual?: NonNullable<Shot['gradual']>
}

const MIN_SHOT_SECONDS = 0.4
// What seems to be a cut this near to a gradual boundary is a part of it.
const EDGE_SECONDS = 0.3

interface Span {
  readonly start: Seconds
  readonly end: Seconds
}

/** Boundaries that are found and not yet final, in order of time. A gradual one replaces what seemed to be one within its span. */
export class BoundaryQueue {
  #boundaries: (Boundary & { readonly strength: number })[] = []
  /** Spans in which no other boundaries can be. */
  #spans: Span[] = []

  /** Of two cuts closer than the shortest shot the stronger one counts. */
  addCut({ at, strength }: Cut): void {
    if (this.#spans.some(span => isWithin(at, span))) return
    this.#insert({ at, transition: 'cut' }, strength)
  }

  addDissolve({ start, end, middle }: Span & { readonly middle: Seconds }): void {
    if (this.#spans.some(span => span.start < end && span.end > start)) return
    this.#replace({ start, end })
    this.#insert({ at: middle, transition: 'gradual', gradual: { type: 'dissolve', start, end } })
  }

  addFade({ start, end, middle }: Span & { readonly middle: Seconds }): void {
    this.#replace({ start, end })
    this.#insert({ at: middle, transition: 'gradual', gradual: { type: 'fade', start, end } })
  }

  /** Removes what was found in a span, and ignores what is found there later. */
  clear(span: Span): void {
    this.#spans.push(span)
    this.#boundaries = this.#boundaries.filter(({ at }) => !isWithin(at, span))
  }

  #replace({ start, end }: Span): void {
    this.clear({ start: start - EDGE_SECONDS, end: end + EDGE_SECONDS })
  }

  /** Boundaries up to a time, which are then forgotten. */
  take(until: Seconds): Boundary[] {
    const taken = this.#boundaries.filter(({ at }) => at <= until)
    this.#boundaries = this.#boundaries.slice(taken.length)
    this.#spans = this.#spans.filter(({ end }) => end > until)
    return taken.map(({ strength: _, ...boundary }) => boundary)
  }

  /** A gradual boundary is stronger than any cut. */
  #insert(boundary: Boundary, strength = Number.POSITIVE_INFINITY): void {
    const close = this.#boundaries.filter(({ at }) => Math.abs(at - boundary.at) < MIN_SHOT_SECONDS)
    if (boundary.transition === 'cut' && close.some(other => other.strength >= strength)) return
    this.#boundaries = [...this.#boundaries.filter(other => !close.includes(other)), { ...boundary, strength }]
    this.#boundaries.sort((a, b) => a.at - b.at)
  }
}

const isWithin = (at: Seconds, { start, end }: Span) => at > start && at < end
