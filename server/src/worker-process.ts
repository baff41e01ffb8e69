import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Logger } from 'pino'
import { pause } from './lib/pause.js'
import type { JobQueue } from './storage/server-store.js'

/**
 * Delays before consecutive restarts. The first ones are short, because a job that crashes the worker is given up after
 * three crashes; the long ones are for a worker that cannot run at all.
 */
const BACKOFF_MS = [0, 200, 500, 1000, 5000, 10_000]
/** A worker that lived this long resets the backoff. */
const STABLE_MS = 5_000
/** Time a worker has to put its jobs back into the queue before it is killed. */
const STOP_MS = 10_000

/**
 * Pictures and audio pass through the worker outside its heap of 20 MB, so V8 marks the heap about once a second.
 * Incremental, concurrent marking takes several times the CPU of one full pause, and a pause does no harm: a worker
 * answers no clients. Threads with models ask for collections themselves, which `--expose-gc` lets them do.
 */
const GARBAGE_COLLECTION = [
  '--no-incremental-marking',
  '--single-threaded-gc',
  '--min-semi-space-size=16',
  '--expose-gc',
]

/**
 * glibc gives each thread a heap of its own, and each keeps what its largest model once needed. With a single one the same
 * inferences hold about 80 MB less and take no longer. What is larger than 4 MB is returned to the system when it is freed,
 * instead of leaving a gap in the heap: 130 MB less, for 2 % more CPU.
 */
const HEAPS = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: String(4 * 1024 * 1024) }

/**
 * Signals sent from outside, including by the kernel when memory is short. Any other signal is caused by the process
 * itself.
 */
const SIGNALS_FROM_OUTSIDE: ReadonlySet<unknown> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'])

interface WorkerProcessOptions {
  readonly jobs: Pick<JobQueue, 'crashed'>
  readonly logger: Logger
}

interface End {
  /** The owner id in its leases; undefined if it died before it could report it. */
  readonly owner: string | undefined
  readonly code: unknown
  readonly signal: unknown
}

/** Runs a worker as a child process and restarts it when it dies. A crash counts against the jobs it was running. */
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
    const { jobs, logger } = this.options
    for (let deaths = 0; !this.#closing.signal.aborted; deaths++) {
      const delay = BACKOFF_MS[Math.min(deaths, BACKOFF_MS.length - 1)] ?? 0
      await pause(delay, this.#closing.signal)
      if (this.#closing.signal.aborted) return
      const startedAt = performance.now()
      try {
        const end = await this.#live()
        if (this.#closing.signal.aborted) return
        if (performance.now() - startedAt > STABLE_MS) deaths = 0
        logger.error({ ...end, deaths }, 'the worker died; it is started again')
        if (end.owner !== undefined && isCrash(end)) await jobs.crashed(end.owner)
      } catch (error) {
        logger.error({ err: error, deaths }, 'the worker could not be started, or its crash not be counted')
      }
    }
  }

  /** Starts a child and resolves when it exits. Throws when it cannot be started. */
  async #live(): Promise<End> {
    // The same program, arguments and settings, with another role.
    const [, program = '', ...args] = process.argv
    const child = fork(program, [...args, '--role', 'worker'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [...process.execArgv, ...GARBAGE_COLLECTION],
      env: { ...HEAPS, ...process.env },
      // Leads its own session, so that all of it yields to the gateway. Ctrl-C in a terminal reaches only the gateway,
      // which then stops the worker.
      detached: true,
    })
    this.#child = child
    let owner: string | undefined
    child.once('message', (message: unknown) => {
      if (typeof message === 'string') owner = message
    })
    try {
      const [code, signal]: unknown[] = await once(child, 'exit')
      return { owner, code, signal }
    } finally {
      this.#child = undefined
    }
  }
}

function isCrash({ code, signal }: End): boolean {
  return signal === null ? code !== 0 : !SIGNALS_FROM_OUTSIDE.has(signal)
}
