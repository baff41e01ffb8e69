import { type ChildProcess, fork } from 'node:child_process'
import type { MediaInfo } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { PendingCalls } from '../../lib/pending-calls.js'
import { fromSentError } from '../../lib/sent-error.js'
import type { Binaries } from '../ffmpeg/binaries.js'
import type { ClientMedia, StillsRequest } from '../media-tools.js'
import type { Call, FromMediaProcess, ToMediaProcess } from './messages.js'

/** Its memory, some 60 MB, is for others when it has had nothing to do for so long. */
const IDLE_MS = 10_000
/** Time it has to end its children before it is killed. */
const STOP_MS = 5_000

type TakePicture = StillsRequest['picture']
type Picture = Extract<FromMediaProcess, { type: 'picture' }>

interface MediaProcessOptions {
  /** The programs that it runs. */
  readonly binaries: Binaries
  /** @default 10,000 */
  readonly idleMs?: number
}

/**
 * Runs ffmpeg for clients from a child process. To start a program from a process as large as a gateway holds its event
 * loop for some 10 ms, since the system copies its page tables; and here neither decoded frames nor JPEG encoding take
 * its memory and time. The child starts with the first call, and again after a crash or when it had ended as idle.
 */
export class MediaProcess implements ClientMedia {
  readonly #options: MediaProcessOptions
  readonly #calls = new PendingCalls<MediaInfo | undefined>()
  readonly #takers = new Map<number, TakePicture>()
  readonly #ending = new Set<Promise<unknown>>()
  #child: ChildProcess | undefined
  #idle: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: MediaProcessOptions) {
    this.#options = options
  }

  async probe(file: string, signal?: AbortSignal): Promise<MediaInfo> {
    return (await this.#run({ name: 'probe', file }, { signal })) as MediaInfo
  }

  async stills(
    file: string,
    media: MediaInfo,
    { picture, ...request }: StillsRequest,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#run({ name: 'stills', file, media, request }, { signal, picture })
  }

  /** Ends the process and its children; calls under way reject. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#calls.rejectAll(closed())
    this.#end()
    await Promise.all(this.#ending)
  }

  async #run(
    call: Call,
    { signal, picture }: { readonly signal?: AbortSignal | undefined; readonly picture?: TakePicture },
  ): Promise<MediaInfo | undefined> {
    signal?.throwIfAborted()
    if (this.#isClosed) throw closed()
    const { id, result } = this.#calls.add()
    if (picture) this.#takers.set(id, picture)
    clearTimeout(this.#idle)
    const abort = () => this.#giveUp(id, signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      this.#child ??= this.#start()
      this.#send({ type: 'call', id, call })
      return await result
    } finally {
      signal?.removeEventListener('abort', abort)
      this.#takers.delete(id)
      if (this.#calls.size === 0) this.#idle = setTimeout(() => this.#end(), this.#options.idleMs ?? IDLE_MS).unref()
    }
  }

  #receive(message: FromMediaProcess): void {
    if (message.type === 'picture') void this.#take(message)
    else if (message.type === 'result') this.#calls.take(message.id)?.resolve(message.result)
    else this.#calls.take(message.id)?.reject(fromSentError(message))
  }

  async #take({ id, at, jpeg }: Picture): Promise<void> {
    try {
      await this.#takers.get(id)?.(at, jpeg)
      this.#send({ type: 'taken', id })
    } catch (error) {
      this.#giveUp(id, error)
    }
  }

  #giveUp(id: number, reason: unknown): void {
    this.#calls.take(id)?.reject(reason)
    this.#send({ type: 'cancel', id })
  }

  #send(message: ToMediaProcess): void {
    // It cannot be sent to a child that has died, of which `exit` tells.
    this.#child?.send(message, () => undefined)
  }

  #start(): ChildProcess {
    const child = fork(new URL('./child.js', import.meta.url), [JSON.stringify(this.#options.binaries)], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
      // Leads its own session, like the worker.
      detached: true,
    })
    const died = (how: string, cause?: unknown) => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#calls.rejectAll(new AppError('server.internal', `The process that reads media ${how}.`, { cause }))
    }
    child.on('message', (message: FromMediaProcess) => this.#receive(message))
    child.once('error', error => died('could not be started', error))
    child.once('exit', (code, signal) => died(signal ? `died of ${signal}` : `ended with code ${code}`))
    return child
  }

  #end(): void {
    const child = this.#child
    if (!child) return
    this.#child = undefined
    const ended = new Promise(resolve => child.once('exit', resolve)).finally(() => {
      clearTimeout(patience)
      this.#ending.delete(ended)
    })
    this.#ending.add(ended)
    const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    if (child.connected) child.disconnect()
  }
}

const closed = () => new AppError('server.draining', 'The server is shutting down.')
