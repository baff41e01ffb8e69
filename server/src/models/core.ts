import type { WaitingLane } from './lane.js'
import type { ModelTask } from './models.js'
import type { ModelThread } from './pool.js'

/** One core for inference: a thread, its loaded models, and when each was last used. */
export class Core {
  #busy = false
  readonly #usedAt = new Map<ModelTask, number>()
  #freeSince = 0
  #thread: ModelThread | undefined

  /** `start` creates a thread, for the first call and for the first call after an idle thread was terminated. */
  constructor(private readonly start: () => ModelThread) {}

  get busy(): boolean {
    return this.#busy
  }

  /** How long it has been free, counted from process start. */
  get idleMs(): number {
    return this.#busy ? 0 : performance.now() - this.#freeSince
  }

  /** Whether the model of a task is loaded here, or being loaded. */
  has(task: ModelTask): boolean {
    return this.#usedAt.has(task)
  }

  /** Runs a batch of a lane, as `runBatch` does. The core must be free, and is so again when the promise resolves. */
  async run(lane: WaitingLane, most: number): Promise<() => void> {
    return await this.#use(lane.task, thread => lane.runBatch(thread, most))
  }

  /** Loads the model of a task. */
  async warm(task: ModelTask): Promise<void> {
    await this.#use(task, thread => thread.call<'describe'>({ name: 'describe', params: { task } }))
  }

  /** Unloads models unused for this long; terminates a thread without models. */
  unloadIdle(idleMs: number): void {
    if (this.#busy) return
    const now = performance.now()
    for (const [task, usedAt] of this.#usedAt) {
      if (now - usedAt < idleMs) continue
      this.#usedAt.delete(task)
      this.#thread?.unload(task)
    }
    if (this.#usedAt.size === 0) void this.close()
  }

  async close(): Promise<void> {
    const thread = this.#thread
    this.#thread = undefined
    this.#usedAt.clear()
    await thread?.close()
  }

  async #use<T>(task: ModelTask, run: (thread: ModelThread) => Promise<T>): Promise<T> {
    this.#thread ??= this.start()
    this.#busy = true
    this.#usedAt.set(task, performance.now())
    try {
      return await run(this.#thread)
    } finally {
      this.#busy = false
      this.#freeSince = performance.now()
      if (this.#thread) this.#usedAt.set(task, performance.now())
    }
  }
}
