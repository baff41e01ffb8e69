/** Runs at most one piece of work per key at a time. */
export class Exclusive {
  readonly #running = new Map<string, Promise<unknown>>()

  /** Runs the work, or throws the error from `busy` if other work for the key is running. */
  async run<T>(key: string, work: () => Promise<T>, busy: () => Error): Promise<T> {
    if (this.#running.has(key)) throw busy()
    const result = work()
    this.#running.set(key, result)
    try {
      return await result
    } finally {
      this.#running.delete(key)
    }
  }

  /** Waits until all running work has ended, successfully or not. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running.values())
  }
}
