import { Semaphore } from '../../lib/semaphore.js'

interface OrderedWorkOptions<Item, Result> {
  /** Most items in progress; one more waits in `push`. */
  readonly limit: number
  /** Starts an item. Items start in order and may finish in any order. */
  start(item: Item): Promise<Result>
  /** Receives a result. Called in item order, one at a time. */
  take(item: Item, result: Result): Promise<void>
}

/** Processes several items at once and delivers results in item order. Accepts no more items after a failure. */
export class OrderedWork<Item, Result> {
  readonly #places: Semaphore
  #taken: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined
  #underWay = 0

  constructor(private readonly options: OrderedWorkOptions<Item, Result>) {
    this.#places = new Semaphore(options.limit)
  }

  /** Items started whose results have not been delivered. */
  get underWay(): number {
    return this.#underWay
  }

  /** Starts an item once there is a slot. Throws if an earlier item failed. */
  async push(item: Item): Promise<void> {
    const leave = await this.#places.acquire()
    if (this.#failure) {
      leave()
      throw this.#failure.error
    }
    this.#underWay += 1
    const result = this.options.start(item)
    // Awaited later in order; an earlier failure must not count as unhandled.
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

  /** Waits until all results are delivered. Throws if an item failed. */
  async end(): Promise<void> {
    await this.#taken
    if (this.#failure) throw this.#failure.error
  }
}
