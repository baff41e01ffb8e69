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
 * A read-only thread with its own connection. A long query delays only the queries behind it. Starts with the first
 * query, and again after a crash.
 */
export class QueryThread {
  readonly #pending = new PendingCalls<unknown[]>()
  #worker: Worker | undefined
  #isClosed = false

  constructor(private readonly file: string) {}

  /** Number of waiting and running queries. */
  get load(): number {
    return this.#pending.size
  }

  /** Runs a query on the last commit before it starts. */
  async all(sql: string, parameters: readonly unknown[]): Promise<unknown[]> {
    if (this.#isClosed) throw new Error('the database is closed')
    const worker = this.#start()
    const { id, result } = this.#pending.add()
    worker.ref()
    worker.postMessage({ id, sql, parameters } satisfies ToQueryWorker)
    return await result
  }

  /** Terminates the thread; running queries reject. */
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
    // An idle thread does not keep the process alive.
    if (this.#pending.size === 0) this.#worker?.unref()
    if ('rows' in message) pending?.resolve(message.rows)
    else pending?.reject(message.error)
  }
}
