import type { WaitingLane } from './lane.js'
import type { ModelThread } from './pool.js'

/** One core for inference: a thread, its loaded models, and when each was last used. */
export class Core {
  #busy = false
  readonly #usedAt = new Map<string, number>()
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

  /** Whether the model of a pack is loaded here, or being loaded. */
  has(pack: string): boolean {
    return this.#usedAt.has(pack)
  }

  /** Runs a batch of a lane, as `runBatch` does. The core must be free, and is so again when the promise resolves. */
  async run(lane: WaitingLane, most: number): Promise<() => void> {
    return await this.#use(lane.pack, thread => lane.runBatch(thread, most))
  }

  /** Loads the model of a pack. */
  async warm(pack: string): Promise<void> {
    await this.#use(pack, thread => thread.call<'describe'>({ name: 'describe', pack, params: {} }))
  }

  /** Unloads models unused for this long; terminates a thread without models. */
  unloadIdle(idleMs: number): void {
    if (this.#busy) return
    const now = performance.now()
    for (const [pack, usedAt] of this.#usedAt) {
      if (now - usedAt < idleMs) continue
      this.#usedAt.delete(pack)
      this.#thread?.unload(pack)
    }
    if (this.#usedAt.size === 0) void this.close()
  }

  async close(): Promise<void> {
    const thread = this.#thread
    this.#thread = undefined
    this.#usedAt.clear()
    await thread?.close()
  }

  async #use<T>(pack: string, run: (thread: ModelThread) => Promise<T>): Promise<T> {
    this.#thread ??= this.start()
    this.#busy = true
    this.#usedAt.set(pack, performance.now())
    try {
      return await run(this.#thread)
    } finally {
      this.#busy = false
      this.#freeSince = performance.now()
      if (this.#thread) this.#usedAt.set(pack, performance.now())
    }
  }
}
