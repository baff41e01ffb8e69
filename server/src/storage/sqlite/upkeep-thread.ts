import { Worker } from 'node:worker_threads'
import { PendingCalls } from '../../lib/pending-calls.js'
import type { RemoveReplaced, ReplacedResults } from './large-results.js'

const RESTART_MS = 10_000

export type ToUpkeepWorker = { readonly id: number; readonly replaced: ReplacedResults } | 'close'
/** An error loses its code between threads, so the code of a full disk is passed separately. */
export type FromUpkeepWorker = {
  readonly id: number
  readonly fault?: { readonly code: unknown; readonly message: string }
}

interface UpkeepThreadOptions {
  readonly file: string
  readonly logger: { error(data: object, message: string): void } | undefined
}

/**
 * Runs slow maintenance in a thread with its own connection: checkpoints, which wait for the disk, and removal of
 * results, which makes the search index merge segments for up to 35 ms.
 */
export class UpkeepThread {
  readonly #pending = new PendingCalls<void>()
  #worker: Worker | undefined
  #restart: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(private readonly options: UpkeepThreadOptions) {
    this.#start()
  }

  /** Rejects if the thread ends meanwhile. `dropReplacedResults` then removes the rest. */
  readonly removeReplaced: RemoveReplaced = async replaced => {
    if (this.#isClosed) throw new Error('the database is closed')
    const worker = this.#worker ?? this.#start()
    const { id, result } = this.#pending.add()
    worker.ref()
    worker.postMessage({ id, replaced } satisfies ToUpkeepWorker)
    await result
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#restart)
    this.#pending.rejectAll(new Error('the database was closed'))
    const worker = this.#worker
    if (!worker) return
    const ended = new Promise(resolve => worker.once('exit', resolve))
    worker.ref()
    worker.postMessage('close' satisfies ToUpkeepWorker)
    await ended
  }

  #start(): Worker {
    clearTimeout(this.#restart)
    const { file, logger } = this.options
    const worker = new Worker(new URL('./upkeep-worker.js', import.meta.url), {
      name: 'database upkeep',
      execArgv: [],
      workerData: { file },
    })
    worker.unref()
    worker.on('message', (message: FromUpkeepWorker) => this.#settle(message))
    worker.once('error', error => logger?.error({ err: error }, 'the thread that looks after the database failed'))
    worker.once('exit', () => {
      this.#worker = undefined
      this.#pending.rejectAll(new Error('the thread that looks after the database ended'))
      if (this.#isClosed) return
      this.#restart = setTimeout(() => this.#start(), RESTART_MS)
      this.#restart.unref()
    })
    this.#worker = worker
    return worker
  }

  #settle({ id, fault }: FromUpkeepWorker): void {
    const pending = this.#pending.take(id)
    // An idle thread does not keep the process alive.
    if (this.#pending.size === 0 && !this.#isClosed) this.#worker?.unref()
    if (fault) pending?.reject(Object.assign(new Error(fault.message), { code: fault.code }))
    else pending?.resolve()
  }
}
