import { Worker } from 'node:worker_threads'

export interface ToQueryWorker {
  readonly id: number
  readonly sql: string
  readonly parameters: readonly unknown[]
}

export type FromQueryWorker =
  | { readonly id: number; readonly rows: unknown[] }
  | { readonly id: number; readonly error: unknown }

interface Pending {
  resolve(rows: unknown[]): void
  reject(error: unknown): void
}

/**
 * A thread with a connection of its own that only reads, so that a query of any length holds nobody but those behind it.
 * It is started by the first query, and again after a crash.
 */
export class QueryThread {
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #lastId = 0
  #isClosed = false

  constructor(private readonly file: string) {}

  /** Queries that wait or run. */
  get load(): number {
    return this.#pending.size
  }

  /** The rows, as of the last commit before the query runs. */
  all(sql: string, parameters: readonly unknown[]): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new Error('the database is closed')
      const worker = this.#start()
      this.#lastId += 1
      this.#pending.set(this.#lastId, { resolve, reject })
      worker.ref()
      worker.postMessage({ id: this.#lastId, sql, parameters } satisfies ToQueryWorker)
    })
  }

  /** Ends the thread; queries under way reject. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#fail(new Error('the database was closed'))
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
      this.#fail(error)
    }
    worker.on('message', (message: FromQueryWorker) => this.#settle(message))
    worker.once('error', died)
    worker.once('exit', code => died(new Error(`the thread that reads the database ended with code ${code}`)))
    this.#worker = worker
    return worker
  }

  #settle(message: FromQueryWorker): void {
    const pending = this.#pending.get(message.id)
    this.#pending.delete(message.id)
    // An idle thread keeps no process alive.
    if (this.#pending.size === 0) this.#worker?.unref()
    if ('rows' in message) pending?.resolve(message.rows)
    else pending?.reject(message.error)
  }

  #fail(error: unknown): void {
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of pending) reject(error)
  }
}
