/** Handles items in order while the next one is already being fetched: at most one waits. */
export class OneAhead<T> {
  #underWay: Promise<void> = Promise.resolve()

  constructor(private readonly handle: (item: T) => Promise<void>) {}

  /** Resolves when the item before has been handled; rejects with that one's failure. */
  async push(item: T): Promise<void> {
    await this.#underWay
    this.#underWay = this.handle(item)
    // A failure is thrown by the next `push` or `end`; until then it must not count as unhandled.
    this.#underWay.catch(() => undefined)
  }

  /** Waits for the last item. */
  async end(): Promise<void> {
    await this.#underWay
  }
}
