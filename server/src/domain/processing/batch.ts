import type { Clock } from '../../lib/clock.js'

/** Collects items and hands them on together, at most `maxItems` at a time and not more often than `intervalMs`. */
export class Batch<T> {
  #items: T[] = []
  #handedOnAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly options: { readonly intervalMs: number; readonly maxItems: number; readonly clock: Clock },
    private readonly handOn: (items: T[]) => void,
  ) {}

  add(item: T): void {
    this.#items.push(item)
    const dueAt = this.#handedOnAt + this.options.intervalMs
    if (this.#items.length >= this.options.maxItems || this.options.clock.elapsed() >= dueAt) this.flush()
  }

  /** Hands on what is left. */
  flush(): void {
    if (this.#items.length === 0) return
    const items = this.#items
    this.#items = []
    this.#handedOnAt = this.options.clock.elapsed()
    this.handOn(items)
  }
}
