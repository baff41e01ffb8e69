import type { ModelTask } from './models.js'
import type { ModelThread } from './pool.js'

/** A kind of work for a model, done in batches. */
export interface Work<Item, Result> {
  readonly task: ModelTask
  /** Most items of one batch. */
  readonly maxBatch: number
  /** One result for each item, in order. */
  run(thread: ModelThread, items: readonly Item[], signal: AbortSignal): Promise<readonly Result[]>
}
