import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Logger } from 'pino'
import { pause } from './lib/pause.js'

/** Delay before each restart in a row. */
const BACKOFF_MS = [0, 500, 2000, 10_000]
/** A worker that lived this long resets the backoff. */
const STABLE_MS = 60_000
/** Time a worker has to put its jobs back into the queue before it is killed. */
const STOP_MS = 10_000

interface WorkerProcessOptions {
  readonly logger: Logger
}

/** Runs a worker as a child process and restarts it when it dies. */
export class WorkerProcess {
  #child: ChildProcess | undefined
  #loop: Promise<void> | undefined
  readonly #closing = new AbortController()

  constructor(private readonly options: WorkerProcessOptions) {}

  start(): void {
    this.#loop ??= this.#run()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#child?.kill('SIGTERM')
    const patience = setTimeout(() => this.#child?.kill('SIGKILL'), STOP_MS)
    await this.#loop
    clearTimeout(patience)
  }

  async #run(): Promise<void> {
    const { logger } = this.options
    for (let deaths = 0; !this.#closing.signal.aborted; deaths++) {
      const delay = BACKOFF_MS[Math.min(deaths, BACKOFF_MS.length - 1)] ?? 0
      await pause(delay, this.#closing.signal)
      if (this.#closing.signal.aborted) return
      const startedAt = performance.now()
      const end = await this.#live()
      if (this.#closing.signal.aborted) return
      if (performance.now() - startedAt > STABLE_MS) deaths = 0
      logger.error({ ...end, deaths }, 'the worker died; it is started again')
    }
  }

  /** Starts a child and resolves when it exits, with its exit status or the error that kept it from starting. */
  async #live(): Promise<object> {
    // Same program, arguments and settings, other role.
    const [, program = '', ...args] = process.argv
    const child = fork(program, [...args, '--role', 'worker'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child = child
    try {
      const [code, signal]: unknown[] = await once(child, 'exit')
      return { code, signal }
    } catch (error) {
      return { err: error }
    } finally {
      this.#child = undefined
    }
  }
}
