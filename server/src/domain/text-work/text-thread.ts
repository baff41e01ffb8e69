import { Worker } from 'node:worker_threads'
import { AppError } from '../../lib/app-error.js'
import { fromSentError } from '../../lib/sent-error.js'
import type { FromTextWorker, ToTextWorker } from './text-messages.js'
import type { TextCallName, TextCalls, TextWork } from './text-work.js'

export interface TextThreadOptions {
  /** Name of the thread, for messages and debugging tools. */
  readonly label: string
  /** Longest run time of one call; after that its thread is terminated. */
  readonly deadlineMs: number
  /** Most waiting calls. */
  readonly maxWaiting: number
  /** Idle time after which the thread is terminated to free its memory. @default never */
  readonly idleMs?: number
  /** @default the thread of `text-worker.js` */
  readonly entry?: URL
}

interface PendingCall extends ToTextWorker {
  resolve(result: unknown): void
  reject(error: unknown): void
}

const RETRY_AFTER_MS = 1000
/** 16 MiB of subtitles take some 300 MB. */
const MAX_HEAP_MB = 1024

/**
 * Runs text work in a thread, one call at a time. A call that takes too long, or is aborted, terminates the thread. The
 * next call starts another, as after a crash.
 */
export class TextThread implements TextWork {
  readonly #options: TextThreadOptions
  readonly #waiting: PendingCall[] = []
  readonly #ending = new Set<Promise<unknown>>()
  #worker: Worker | undefined
  #running: PendingCall | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: TextThreadOptions) {
    this.#options = options
  }

  async run<Name extends TextCallName>(
    name: Name,
    params: TextCalls[Name]['params'],
    signal?: AbortSignal,
  ): Promise<TextCalls[Name]['result']> {
    signal?.throwIfAborted()
    if (this.#closed) throw closing()
    if (this.#waiting.length >= this.#options.maxWaiting)
      throw busy('Too much text is waiting to be parsed; try again shortly.')
    let call: PendingCall | undefined
    const abort = () => call && this.#cancel(call, signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      const result = await new Promise<unknown>((resolve, reject) => {
        call = { name, params, resolve, reject }
        this.#waiting.push(call)
        this.#next()
      })
      // The thread runs the same build, so its results are typed without parsing.
      return result as TextCalls[Name]['result']
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  /** Terminates the thread; running and waiting calls reject. */
  async close(): Promise<void> {
    this.#closed = true
    for (const call of this.#waiting.splice(0)) call.reject(closing())
    this.#fail(closing())
    this.#end()
    await Promise.all(this.#ending)
  }

  #next(): void {
    if (this.#running || this.#closed) return
    const call = this.#waiting.shift()
    if (!call) {
      this.#rest()
      return
    }
    this.#running = call
    const { deadlineMs } = this.#options
    this.#setTimer(deadlineMs, () =>
      this.#abandon(busy(`Parsing the text took longer than ${deadlineMs} ms; try again.`)),
    )
    const worker = this.#start()
    worker.ref()
    worker.postMessage({ name: call.name, params: call.params } satisfies ToTextWorker)
  }

  #start(): Worker {
    if (this.#worker) return this.#worker
    const { label, entry = new URL('./text-worker.js', import.meta.url) } = this.#options
    const worker = new Worker(entry, {
      name: label,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    })
    const died = (how: string, cause?: unknown) => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#fail(new Error(`the thread ${label} ${how}`, { cause }))
      this.#next()
    }
    worker.on('message', (message: FromTextWorker) => this.#worker === worker && this.#settle(message))
    worker.once('error', error => died(`failed: ${error.message}`, error))
    worker.once('exit', code => died(`ended with code ${code}`))
    this.#worker = worker
    return worker
  }

  #settle(message: FromTextWorker): void {
    const call = this.#take()
    if (message.type === 'result') call?.resolve(message.result)
    else if (message.code) call?.reject(fromSentError(message))
    else call?.reject(new Error(`${call.name} failed in the thread ${this.#options.label}: ${message.message}`))
    this.#next()
  }

  #cancel(call: PendingCall, reason: unknown): void {
    if (call === this.#running) {
      this.#abandon(reason)
      return
    }
    const at = this.#waiting.indexOf(call)
    if (at >= 0) this.#waiting.splice(at, 1)
    call.reject(reason)
  }

  /** Rejects the running call and terminates the thread, because nothing else would stop it. */
  #abandon(error: unknown): void {
    this.#fail(error)
    this.#end()
    this.#next()
  }

  #fail(error: unknown): void {
    this.#take()?.reject(error)
  }

  #take(): PendingCall | undefined {
    const call = this.#running
    this.#running = undefined
    clearTimeout(this.#timer)
    return call
  }

  /** An idle thread does not keep the process alive, and after a while uses no memory. */
  #rest(): void {
    this.#worker?.unref()
    const { idleMs } = this.#options
    if (idleMs !== undefined && this.#worker) this.#setTimer(idleMs, () => this.#end())
    if (idleMs !== undefined) this.#timer?.unref()
  }

  #end(): void {
    const worker = this.#worker
    if (!worker) return
    this.#worker = undefined
    const ended = worker.terminate().finally(() => this.#ending.delete(ended))
    this.#ending.add(ended)
  }

  #setTimer(ms: number, then: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(then, ms)
  }
}

const busy = (message: string) => new AppError('server.busy', message, { retryAfterMs: RETRY_AFTER_MS })
const closing = () => new AppError('server.draining', 'The server is shutting down.')
