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

/**
 * Measurements in order of time. What is older than the latest ones is thinned out by powers of two, so that memory does not grow
 * with the length of a shot; and so is what is given, so that it depends on the span alone and not on when it is asked for.
 */
export class TimedHistory<T> {
  #entries: Timed<T>[]
  #next: number

  /** `recent` of the latest entries are kept whole: many more than the end of a shot may be known late. */
  constructor(
    private readonly recent: number,
    former?: { readonly entries: readonly Timed<T>[]; readonly next: number },
  ) {
    this.#entries = [...(former?.entries ?? [])]
    this.#next = former?.next ?? 0
  }

  get state(): { entries: Timed<T>[]; next: number } {
    return { entries: [...this.#entries], next: this.#next }
  }

  push(at: Seconds, value: T): void {
    this.#entries.push({ index: this.#next, at, value })
    this.#next += 1
    if (this.#entries.length <= this.recent + OLDER) return
    const recent = this.#entries.slice(-this.recent)
    const older = this.#entries.slice(0, -this.recent)
    this.#entries = [...thinned(older, OLDER / 2), ...recent]
  }

  /** The entries of a span, thinned out if they are many; removes everything before its end. */
  take(start: Seconds, end: Seconds): T[] {
    const within = this.#entries.filter(({ at }) => at >= start && at < end)
    this.#entries = this.#entries.filter(({ at }) => at >= end)
    return thinned(within, GIVEN).map(({ value }) => value)
  }
}

/** Entries whose number is a multiple of the smallest power of two that leaves at most `most` of them. */
function thinned<T>(entries: readonly Timed<T>[], most: number): Timed<T>[] {
  const first = entries[0]?.index ?? 0
  const count = (entries.at(-1)?.index ?? 0) - first + 1
  let stride = 1
  while (count / stride > most) stride *= 2
  return entries.filter(({ index }) => index % stride === 0)
}
