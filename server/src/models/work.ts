import type { ModelThread } from './pool.js'

/**
 * For models of some 200 MB: twice the time it takes to load one of speech. With less, a second one was loaded for the last
 * second of a job.
 */
export const LARGE_MODEL_IDLE_MS = 2000

/** A kind of work for a model, done in batches. */
export interface Work<Item, Result> {
  /** The pack that does it, `name@version`. */
  readonly pack: string
  /** Most items of one batch. */
  readonly maxBatch: number
  /** While a core that has the model is busy, another one loads a copy once it has stood idle for this many milliseconds. */
  readonly copyAfterIdleMs: number
  /** One result for each item, in order. */
  run(thread: ModelThread, items: readonly Item[], signal: AbortSignal): Promise<readonly Result[]>
}

/** Work that gains nothing from batching: one call per item. */
export function oneByOne<Item, Result>(
  pack: string,
  run: (thread: ModelThread, item: Item, signal: AbortSignal) => Promise<Result>,
  { copyAfterIdleMs = 0 }: Partial<Pick<Work<Item, Result>, 'copyAfterIdleMs'>> = {},
): Work<Item, Result> {
  return {
    pack,
    maxBatch: 1,
    copyAfterIdleMs,
    run: (thread, items, signal) => Promise.all(items.map(item => run(thread, item, signal))),
  }
}
