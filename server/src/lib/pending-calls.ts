import { type Deferred, deferred } from './deferred.js'

/** Calls to a thread or process that wait for their answer, by call number. */
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

  /** Removes and returns the call with this number; undefined if nobody waits for it. */
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
