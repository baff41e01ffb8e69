import type { ModelThread } from './pool.js'

/** A kind of work for a model, done in batches. */
export interface Work<Item, Result> {
  /** The pack that does it, `name@version`. */
  readonly pack: string
  /** Most items of one batch. */
  readonly maxBatch: number
  /** The model is slow to load and large: while a core that has it is busy, another loads it only after standing idle. */
  readonly slowToLoad: boolean
  /** One result for each item, in order. */
  run(thread: ModelThread, items: readonly Item[], signal: AbortSignal): Promise<readonly Result[]>
}

/** Work that gains nothing from batching: one call per item. */
export function oneByOne<Item, Result>(
  pack: string,
  run: (thread: ModelThread, item: Item, signal: AbortSignal) => Promise<Result>,
  { slowToLoad = false }: Partial<Pick<Work<Item, Result>, 'slowToLoad'>> = {},
): Work<Item, Result> {
  return {
    pack,
    maxBatch: 1,
    slowToLoad,
    run: (thread, items, signal) => Promise.all(items.map(item => run(thread, item, signal))),
  }
}
