import { assert } from '../lib/assert.js'
import type { ModelThread } from './pool.js'
import type { Work } from './work.js'

/** A lane as the scheduler sees it. */
export interface WaitingLane {
  /** The pack whose model it uses, `name@version`. */
  readonly pack: string
  /** Number of waiting items. */
  readonly length: number
  readonly copyAfterIdleMs: number
  /** Core time used, in milliseconds, which the scheduler compares. */
  usedMs: number
  /**
   * Runs the first waiting items, at most `most`, as one batch. Resolves in any case, to a function that settles their
   * callers. Call it once the thread has its next work.
   */
  runBatch(thread: ModelThread, most: number): Promise<() => void>
  rejectAll(error: Error): void
}

interface Entry<Item, Result> {
  readonly item: Item
  readonly signal: AbortSignal | undefined
  resolve(result: Result): void
  reject(reason: unknown): void
}

/** Notifications of a lane to the scheduler. */
interface LaneEvents {
  /** An item is waiting. */
  waits(lane: WaitingLane): void
  /** No item is waiting any more. */
  empty(lane: WaitingLane): void
}

/** The queue of one user of a model: items waiting for a core, in order. */
export class Lane<Item, Result> implements WaitingLane {
  usedMs = 0
  #line: Entry<Item, Result>[] = []
  #begun = false

  constructor(
    private readonly work: Work<Item, Result>,
    private readonly events: LaneEvents,
  ) {}

  get pack(): string {
    return this.work.pack
  }

  get length(): number {
    return this.#line.length
  }

  get copyAfterIdleMs(): number {
    return this.work.copyAfterIdleMs
  }

  /** Returns the result for an item, once a core was free for it. Rejects at once if the signal aborts. */
  async run(item: Item, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted()
    let abort: (() => void) | undefined
    try {
      return await new Promise<Result>((resolve, reject) => {
        const entry = { item, signal, resolve, reject }
        abort = () => {
          this.#leave(entry)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', abort, { once: true })
        this.#line.push(entry)
        this.events.waits(this)
      })
    } finally {
      if (abort) signal?.removeEventListener('abort', abort)
    }
  }

  async runBatch(thread: ModelThread, most: number): Promise<() => void> {
    // The first item runs alone, so that the first result comes as soon as possible: a user is waiting for it.
    const entries = this.#line.splice(0, this.#begun ? Math.min(most, this.work.maxBatch) : 1)
    this.#begun = true
    if (this.length === 0) this.events.empty(this)
    const abandoned = allAborted(entries.map(entry => entry.signal))
    try {
      const items = entries.map(entry => entry.item)
      const results = await this.work.run(thread, items, abandoned.signal)
      assert(results.length === entries.length, `${this.pack} gives a result for each item`)
      return () => {
        for (const [index, result] of results.entries()) entries[index]?.resolve(result)
      }
    } catch (error) {
      return () => {
        for (const entry of entries) entry.reject(error)
      }
    } finally {
      abandoned.release()
    }
  }

  rejectAll(error: Error): void {
    for (const entry of this.#line.splice(0)) entry.reject(error)
  }

  #leave(entry: Entry<Item, Result>): void {
    this.#line = this.#line.filter(other => other !== entry)
    if (this.length === 0) this.events.empty(this)
  }
}

/** A signal that aborts when all of these have: nobody waits for the batch any more. */
function allAborted(signals: readonly (AbortSignal | undefined)[]) {
  const controller = new AbortController()
  const check = () => {
    if (signals.every(signal => signal?.aborted)) controller.abort()
  }
  for (const signal of signals) signal?.addEventListener('abort', check)
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) signal?.removeEventListener('abort', check)
    },
  }
}
