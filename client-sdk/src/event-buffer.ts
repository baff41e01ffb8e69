import { type Deferred, deferred } from './deferred.js'

/** A bounded queue read by `next()`. Check `isFull` before adding. */
export class EventBuffer<T> {
  readonly #items: T[] = []
  readonly #readers: Deferred<IteratorResult<T, undefined>>[] = []
  readonly #capacity: number
  #end: { readonly error?: unknown } | undefined

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#items.length
  }

  get isFull(): boolean {
    return this.#items.length >= this.#capacity
  }

  push(item: T): void {
    if (this.#end) return
    const reader = this.#readers.shift()
    if (reader) reader.resolve({ done: false, value: item })
    else this.#items.push(item)
  }

  /** Removes the oldest item that fits; false when none does. */
  evict(fits: (item: T) => boolean): boolean {
    const index = this.#items.findIndex(fits)
    if (index >= 0) this.#items.splice(index, 1)
    return index >= 0
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const [item] = this.#items.splice(0, 1)
    if (item !== undefined) return Promise.resolve({ done: false, value: item })
    if (this.#end) return endResult(this.#end)
    const reader = deferred<IteratorResult<T, undefined>>()
    this.#readers.push(reader)
    return reader.promise
  }

  /** No more items come: readers get what is left, then the error, or the end. */
  end(end: { readonly error?: unknown }): void {
    if (this.#end) return
    this.#end = end
    for (const reader of this.#readers.splice(0)) endResult(end).then(reader.resolve, reader.reject)
  }

  /** Drops all items. */
  clear(): void {
    this.#items.length = 0
  }
}

function endResult(end: { readonly error?: unknown }): Promise<IteratorResult<never, undefined>> {
  return 'error' in end ? Promise.reject(end.error) : Promise.resolve({ done: true, value: undefined })
}
