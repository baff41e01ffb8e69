import { Semaphore } from '../../lib/semaphore.js'

interface OrderedWorkOptions<Item, Result> {
  /** Items under way at the same time; one more waits with `push`. */
  readonly limit: number
  /** Begins the work on an item; items begin in order and may end in any. */
  start(item: Item): Promise<Result>
  /** Takes a result; called in the order of the items, one at a time. */
  take(item: Item, result: Result): Promise<void>
}

/** Works on several items at once, and hands the results on in the order of the items. After a failure it takes no more. */
export class OrderedWork<Item, Result> {
  readonly #places: Semaphore
  #taken: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined
  #underWay = 0

  constructor(private readonly options: OrderedWorkOptions<Item, Result>) {
    this.#places = new Semaphore(options.limit)
  }

  /** Items begun whose results were not taken yet. */
  get underWay(): number {
    return this.#underWay
  }

  /** Begins an item once there is a place for it; throws what the work on an earlier one threw. */
  async push(item: Item): Promise<void> {
    const leave = await this.#places.acquire()
    if (this.#failure) {
      leave()
      throw this.#failure.error
    }
    this.#underWay += 1
    const result = this.options.start(item)
    // It is awaited in its turn; a failure that comes earlier must not count as unhandled.
    result.catch(() => undefined)
    const before = this.#taken
    this.#taken = (async () => {
      await before
      try {
        if (!this.#failure) await this.options.take(item, await result)
      } catch (error) {
        this.#failure = { error }
      } finally {
        this.#underWay -= 1
        leave()
      }
    })()
  }

  /** Waits until every result was taken; throws what the work on one of them threw. */
  async end(): Promise<void> {
    await this.#taken
    if (this.#failure) throw this.#failure.error
  }
}
