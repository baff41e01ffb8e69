import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Logger } from 'pino'
import { pause } from './lib/pause.js'

/** Before a worker that died is started again: at first at once, then ever later, until one has lived for a while. */
const BACKOFF_MS = [0, 500, 2000, 10_000]
const STABLE_MS = 60_000
/** A worker that is asked to stop puts its jobs back into the queue; it has this long. */
const STOP_MS = 10_000

interface WorkerProcessOptions {
  readonly logger: Logger
}

/** Runs a worker as a child of this process, and starts another when it dies. */
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

  /** A child that lives until it ends; how it did, or why it could not be started. */
  async #live(): Promise<object> {
    // The same program with the same arguments and settings, in the other role.
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
