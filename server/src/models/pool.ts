import { Worker } from 'node:worker_threads'
import { AppError } from '../lib/app-error.js'
import { PendingCalls } from '../lib/pending-calls.js'
import type { Call, CallName, Calls, FromWorker, ToWorker, WorkerOptions } from './messages.js'
import { PARSERS } from './results.js'

// ONNX Runtime 1.29 and later sends usage data to Microsoft unless this is set before it loads. It reads the variables
// of the process, which only the main thread can change.
process.env['ORT_DISABLE_TELEMETRY'] = '1'

/**
 * A thread that runs models on one core. Calls run one after the other. When the thread dies its calls reject, and the
 * next call starts another.
 */
export class ModelThread {
  readonly #entry: URL
  readonly #options: WorkerOptions
  readonly #label: string
  readonly #pending = new PendingCalls<unknown>()
  #worker: Worker | undefined
  #closing: Promise<void> | undefined

  constructor(
    options: WorkerOptions & { readonly label: string /** @default the thread of `worker.js` */; readonly entry?: URL },
  ) {
    const { label, entry, ...worker } = options
    this.#label = label
    this.#entry = entry ?? new URL('./worker.js', import.meta.url)
    this.#options = worker
  }

  /** Runs a call in the thread. Buffers of `transfer` are moved there. When the signal aborts, it rejects at once. */
  async call<Name extends CallName>(
    call: Extract<Call, { name: Name }>,
    options: { readonly transfer?: readonly ArrayBuffer[]; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Calls[Name]['result']> {
    const { transfer = [], signal } = options
    signal?.throwIfAborted()
    if (this.#closing) throw this.#failure('is closed')
    const worker = this.#start()
    const { id, result } = this.#pending.add()
    const cancel = () => {
      // The answer, if it still comes, finds nobody waiting.
      this.#pending.take(id)?.reject(signal?.reason)
      this.#post(worker, { type: 'cancel', id })
    }
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      this.#post(worker, { type: 'call', id, call }, transfer)
      return PARSERS[call.name](await result)
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** Releases the model of a pack, if the thread runs and has loaded it. */
  unload(pack: string): void {
    if (this.#worker) this.#post(this.#worker, { type: 'unload', pack })
  }

  /**
   * Rejects the calls under way and waits for the thread's end, which comes when the model call that it is in returns.
   * It is not terminated: ONNX Runtime's binding then fails inside native code, and aborts the process.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#pending.rejectAll(this.#failure('was closed'))
    const worker = this.#worker
    if (!worker) return
    const ended = new Promise(resolve => worker.once('exit', resolve))
    this.#post(worker, { type: 'close' })
    await ended
  }

  #start(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(this.#entry, {
      workerData: this.#options,
      name: this.#label,
      execArgv: [],
      // Tensors lie outside the heap, so that little is young in it.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    })
    const died = (how: string, cause?: unknown) => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#pending.rejectAll(this.#failure(how, cause))
    }
    worker.on('message', (message: FromWorker) => this.#receive(message))
    worker.once('error', error => died(`failed: ${error.message}`, error))
    worker.once('exit', code => died(`ended with code ${code}`))
    this.#worker = worker
    return worker
  }

  #post(worker: Worker, message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    worker.postMessage(message, transfer)
  }

  #receive(message: FromWorker): void {
    const pending = this.#pending.take(message.id)
    if (message.type === 'result') pending?.resolve(message.result)
    else pending?.reject(this.#failure(`failed: ${message.message}`))
  }

  #failure(how: string, cause?: unknown): AppError {
    return new AppError('stage.failed', `The ${this.#label} ${how}.`, { cause })
  }
}
