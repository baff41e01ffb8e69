import type { Seconds } from '@cuewire/protocol'

/** Most entries kept of those older than the recent ones. */
const OLDER = 512
/** Entries of one span that are given; a longer one is thinned out to this many. */
const GIVEN = 256

export interface Timed<T> {
  /** Number of the entry, counted from the first of all. */
  readonly index: number
  readonly at: Seconds
  readonly value: T
}

export interface HistoryState<T> {
  readonly entries: Timed<T>[]
  readonly next: number
  readonly first: number
}

/**
 * Measurements in order of time. What is older than the latest ones is thinned out by powers of two, so that memory does not grow
 * with the length of a shot; and so is what is given, so that it depends on the span alone and not on when it is asked for.
 */
export class TimedHistory<T> {
  #entries: Timed<T>[]
  #next: number
  /** Number of the first entry after the last span taken, which may have been thinned out since. */
  #first: number

  /** `recent` of the latest entries are kept whole: many more than the end of a shot may be known late. */
  constructor(
    private readonly recent: number,
    former?: HistoryState<T>,
  ) {
    this.#entries = [...(former?.entries ?? [])]
    this.#next = former?.next ?? 0
    this.#first = former?.first ?? 0
  }

  get state(): HistoryState<T> {
    return { entries: [...this.#entries], next: this.#next, first: this.#first }
  }

  push(at: Seconds, value: T): void {
    this.#entries.push({ index: this.#next, at, value })
    this.#next += 1
    if (this.#entries.length <= this.recent + OLDER) return
    const older = this.#entries.slice(0, -this.recent)
    const stride = strideOf((older.at(-1)?.index ?? 0) - this.#first + 1, OLDER / 2)
    this.#entries = [...thinned(older, stride), ...this.#entries.slice(-this.recent)]
  }

  /** The entries of a span, thinned out if they are many; removes everything before its end. Spans must follow each other. */
  take(start: Seconds, end: Seconds): T[] {
    const within = this.#entries.filter(({ at }) => at >= start && at < end)
    const stride = strideOf((within.at(-1)?.index ?? 0) - this.#first + 1, GIVEN)
    this.#entries = this.#entries.filter(({ at }) => at >= end)
    this.#first = this.#entries[0]?.index ?? this.#next
    return thinned(within, stride).map(({ value }) => value)
  }
}

/** The smallest power of two that leaves at most `most` of so many entries. */
function strideOf(count: number, most: number): number {
  return count <= most ? 1 : 2 ** Math.ceil(Math.log2(count / most))
}

/** Counted from the first entry of all, so that it is the same ones whenever it is done. */
function thinned<T>(entries: readonly Timed<T>[], stride: number): Timed<T>[] {
  return entries.filter(({ index }) => index % stride === 0)
}
