import { type Deferred, deferred } from './deferred.js'

/** Calls to a thread that wait for their answers, by the number that both carry. */
export class PendingCalls<Result> {
  readonly #calls = new Map<number, Deferred<Result>>()
  #lastId = 0

  get size(): number {
    return this.#calls.size
  }

  add(): { readonly id: number; readonly result: Promise<Result> } {
    this.#lastId += 1
    const call = deferred<Result>()
    this.#calls.set(this.#lastId, call)
    return { id: this.#lastId, result: call.promise }
  }

  /** The call whose answer came, which waits no longer; undefined when it did not wait any more. */
  take(id: number): Deferred<Result> | undefined {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    return call
  }

  rejectAll(error: unknown): void {
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    for (const { reject } of calls) reject(error)
  }
}
