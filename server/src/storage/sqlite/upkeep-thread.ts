import { Worker } from 'node:worker_threads'

const RESTART_MS = 10_000

interface CheckpointThreadOptions {
  readonly file: string
  readonly logger: { error(data: object, message: string): void } | undefined
}

/**
 * A thread that moves what was committed from the write-ahead log into the database. It waits for the disk meanwhile,
 * which takes the better part of a second when that has much to write.
 */
export class CheckpointThread {
  #worker: Worker | undefined
  #restart: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(private readonly options: CheckpointThreadOptions) {
    this.#start()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#restart)
    const worker = this.#worker
    if (!worker) return
    const ended = new Promise(resolve => worker.once('exit', resolve))
    worker.ref()
    worker.postMessage('close')
    await ended
  }

  #start(): void {
    const { file, logger } = this.options
    const worker = new Worker(new URL('./checkpoint-worker.js', import.meta.url), {
      name: 'checkpoints',
      execArgv: [],
      workerData: { file },
    })
    worker.unref()
    worker.once('error', error => logger?.error({ err: error }, 'the log of the database could not be moved into it'))
    worker.once('exit', () => {
      this.#worker = undefined
      if (this.#isClosed) return
      this.#restart = setTimeout(() => this.#start(), RESTART_MS)
      this.#restart.unref()
    })
    this.#worker = worker
  }
}
