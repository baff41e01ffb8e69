import { Worker } from 'node:worker_threads'
import { PendingCalls } from '../../lib/pending-calls.js'

export interface ToQueryWorker {
  readonly id: number
  readonly sql: string
  readonly parameters: readonly unknown[]
}

export type FromQueryWorker =
  | { readonly id: number; readonly rows: unknown[] }
  | { readonly id: number; readonly error: unknown }

/**
 * A thread with a connection of its own that only reads: a long query delays the queries behind it, and nothing else. It is
 * started by the first query, and again after a crash.
 */
export class QueryThread {
  readonly #pending = new PendingCalls<unknown[]>()
  #worker: Worker | undefined
  #isClosed = false

  constructor(private readonly file: string) {}

  /** Queries that wait or run. */
  get load(): number {
    return this.#pending.size
  }

  /** The rows, as of the last commit before the query runs. */
  async all(sql: string, parameters: readonly unknown[]): Promise<unknown[]> {
    if (this.#isClosed) throw new Error('the database is closed')
    const worker = this.#start()
    const { id, result } = this.#pending.add()
    worker.ref()
    worker.postMessage({ id, sql, parameters } satisfies ToQueryWorker)
    return await result
  }

  /** Ends the thread; queries under way reject. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#pending.rejectAll(new Error('the database was closed'))
    await this.#worker?.terminate()
  }

  #start(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL('./query-worker.js', import.meta.url), {
      name: 'queries',
      execArgv: [],
      workerData: { file: this.file },
    })
    const died = (error: unknown) => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#pending.rejectAll(error)
    }
    worker.on('message', (message: FromQueryWorker) => this.#settle(message))
    worker.once('error', died)
    worker.once('exit', code => died(new Error(`the thread that reads the database ended with code ${code}`)))
    this.#worker = worker
    return worker
  }

  #settle(message: FromQueryWorker): void {
    const pending = this.#pending.take(message.id)
    // An idle thread keeps no process alive.
    if (this.#pending.size === 0) this.#worker?.unref()
    if ('rows' in message) pending?.resolve(message.rows)
    else pending?.reject(message.error)
  }
}
