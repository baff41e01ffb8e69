import { AppError } from '../lib/app-error.js'
import { Core } from './core.js'
import { Lane, type WaitingLane } from './lane.js'
import type { WorkerOptions } from './messages.js'
import { ModelThread } from './pool.js'
import type { Work } from './work.js'

/**
 * How far, in milliseconds of core time, a returning lane may lag behind the waiting ones. It goes first for that long
 * and no longer, so that urgent work (voice activity, the first sentence) does not queue.
 */
const CREDIT_MS = 1000

export interface CoreSchedulerOptions {
  readonly worker: WorkerOptions
  /** Number of inference threads. */
  readonly cores: number
  /** Idle time after which a model is unloaded, and a thread without models is terminated. */
  readonly idleMs: number
  /** @default the thread of `worker.js` */
  readonly entry?: URL
}

/** A lane and the free core that takes its next items. */
interface Turn {
  readonly lane: WaitingLane
  readonly core: Core
  readonly most: number
}

/**
 * Owns the cores and runs the inferences of all jobs, as many at a time as there are cores, each in one thread. The
 * lane that has used the least core time goes first, so that no model and no job waits for another to finish.
 */
export class CoreScheduler {
  readonly #cores: readonly Core[]
  readonly #waiting = new Set<WaitingLane>()
  /** Packs whose model is to be loaded in advance, once a core is free. */
  readonly #cold = new Set<string>()
  readonly #timer: NodeJS.Timeout
  /** Batches under way; loading in advance is none. */
  #runs = 0
  /** When the last item came that found no other waiting or under way. */
  #workSince = 0
  #closing: Promise<void> | undefined

  constructor({ worker, cores, idleMs, entry }: CoreSchedulerOptions) {
    const threadOptions = { ...worker, ...(entry && { entry }) }
    this.#cores = Array.from(
      { length: cores },
      (_, index) => new Core(() => new ModelThread({ ...threadOptions, label: `inference thread ${index + 1}` })),
    )
    this.#timer = setInterval(() => {
      for (const core of this.#cores) core.unloadIdle(idleMs)
    }, idleMs / 4)
    this.#timer.unref()
  }

  get cores(): number {
    return this.#cores.length
  }

  /** A queue for one user of a model, such as a stage of a job. While it is empty it costs nothing. */
  lane<Item, Result>(work: Work<Item, Result>): Lane<Item, Result> {
    return new Lane(work, {
      waits: lane => this.#join(lane),
      empty: lane => this.#waiting.delete(lane),
    })
  }

  /** Loads a model in advance, unless a core has it. A failure is reported by the first call. */
  warm(pack: string): void {
    if (this.#closing) return
    this.#cold.add(pack)
    this.#dispatch()
  }

  /** Rejects waiting and running items, and terminates the threads. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer)
    this.#cold.clear()
    for (const lane of this.#waiting) lane.rejectAll(closedError())
    this.#waiting.clear()
    await Promise.all(this.#cores.map(core => core.close()))
  }

  #join(lane: WaitingLane): void {
    if (this.#closing) {
      lane.rejectAll(closedError())
      return
    }
    if (this.#waiting.size === 0 && this.#runs === 0) this.#workSince = performance.now()
    if (!this.#waiting.has(lane)) {
      const least = Math.min(...Array.from(this.#waiting, ({ usedMs }) => usedMs))
      if (Number.isFinite(least)) lane.usedMs = Math.max(lane.usedMs, least - CREDIT_MS)
      this.#waiting.add(lane)
    }
    this.#dispatch()
  }

  #dispatch(): void {
    for (const pack of this.#cold) this.#warm(pack)
    while (!this.#closing) {
      const turn = this.#nextTurn()
      if (!turn) return
      void this.#run(turn)
    }
  }

  /** The lane with the least core time among those a free core can serve. */
  #nextTurn(): Turn | undefined {
    const free = this.#cores.filter(core => !core.busy)
    if (free.length === 0) return undefined
    for (const lane of Array.from(this.#waiting).sort((a, b) => a.usedMs - b.usedMs)) {
      const fit = this.#loaded(lane) ? free.filter(core => this.#serves(core, lane)) : free
      const core = fit.find(each => each.has(lane.pack)) ?? fit[0]
      // Waiting items are divided among the free cores, so that none stays idle while another takes them all.
      if (core) return { lane, core, most: Math.ceil(lane.length / fit.length) }
    }
    return undefined
  }

  /** Between two jobs every core is idle, which says nothing about the next one. */
  #serves(core: Core, { pack, copyAfterIdleMs }: WaitingLane): boolean {
    return core.has(pack) || Math.min(core.idleMs, performance.now() - this.#workSince) >= copyAfterIdleMs
  }

  #loaded({ pack }: WaitingLane): boolean {
    return this.#cores.some(core => core.has(pack))
  }

  #warm(pack: string): void {
    const core = this.#cores.find(each => each.has(pack)) ?? this.#cores.find(({ busy }) => !busy)
    if (!core) return
    this.#cold.delete(pack)
    if (core.has(pack)) return
    core
      .warm(pack)
      .catch(() => undefined)
      .finally(() => this.#dispatch())
  }

  async #run({ lane, core, most }: Turn): Promise<void> {
    const startedAt = performance.now()
    this.#runs += 1
    const tell = await core.run(lane, most)
    this.#runs -= 1
    lane.usedMs += performance.now() - startedAt
    // Dispatch first: handling the results may take a while, and the core would stay idle.
    this.#dispatch()
    tell()
  }
}

function closedError(): AppError {
  return new AppError('stage.failed', 'The models were closed.')
}
