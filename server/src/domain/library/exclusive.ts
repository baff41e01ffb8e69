/** Lets one piece of work at a time run for each key. */
export class Exclusive {
  readonly #running = new Map<string, Promise<unknown>>()

  /** Runs the work, or throws what `busy` returns while other work for the key runs. */
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

  /** Waits for all work under way, however it ends. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running.values())
  }
}
