import type { CommandFrame } from '@cuewire/protocol'
import { checkNumber } from './check-number.js'
import { type Deferred, deferred } from './deferred.js'
import { ClientError, ConnectionError, RemoteError, TimeoutError } from './errors.js'
import type { ServerFrame } from './parse.js'

/** How one command is sent and waited for. */
export interface CommandOptions {
  /** Ends the wait; what the server does is stopped by `chat.cancel` and `processing.cancel`. */
  readonly signal?: AbortSignal
  /** How long the reply may take, the wait for a lost connection included. @default the client's `timeoutMs` */
  readonly timeoutMs?: number
  /** Idempotency key: give the `key` of the error to retry a mutating command. @default a new one */
  readonly key?: string
}

/** The connection as requests see it, while it is open. */
export interface Wire {
  readonly send: (text: string) => void
  readonly inFlight: number
  readonly frameBytes: number
}

interface Request {
  readonly id: number
  readonly type: string
  readonly text: string
  readonly key: string | undefined
  readonly done: Deferred<unknown>
  readonly onReply: ((data: unknown) => void) | undefined
}

/** Commands by id, from the call to the reply: queued until the connection is open and has room, then in flight. */
export class Requests {
  #wire: Wire | undefined
  #ended: ClientError | undefined
  #nextId = 1
  readonly #queued = new Map<number, Request>()
  readonly #inFlight = new Map<number, Request>()
  readonly #limits: { readonly timeoutMs: number; readonly maxQueued: number }

  constructor(limits: { readonly timeoutMs: number; readonly maxQueued: number }) {
    this.#limits = limits
  }

  /**
   * Sends a command and waits for its reply. `onReply` sees the reply before the next frame is read, which awaiting
   * the promise does not promise: several frames may arrive in one turn of the event loop.
   */
  async send(type: string, data: object, options: CommandOptions, onReply?: (data: unknown) => void): Promise<unknown> {
    const { signal, key } = options
    const timeoutMs = checkNumber('timeoutMs', options.timeoutMs ?? this.#limits.timeoutMs)
    signal?.throwIfAborted()
    if (this.#ended) throw this.#ended
    if (this.#queued.size >= this.#limits.maxQueued) {
      throw new ClientError(`${type} was not sent: ${this.#queued.size} commands already wait (maxQueued)`)
    }
    const id = this.#nextId++
    const frame: CommandFrame = { type, id, data: { ...data }, ...(key !== undefined && { key }) }
    const request: Request = { id, type, text: JSON.stringify(frame), key, done: deferred(), onReply }
    const timer = setTimeout(
      () => request.done.reject(new TimeoutError(`no reply to ${type} within ${timeoutMs} ms`, { key })),
      timeoutMs,
    )
    const onAbort = () => request.done.reject(signal?.reason)
    signal?.addEventListener('abort', onAbort)
    this.#queued.set(id, request)
    this.#pump()
    try {
      return await request.done.promise
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      this.#queued.delete(id)
      this.#inFlight.delete(id)
      this.#pump()
    }
  }

  /** Takes the answer of a command; one that nobody waits for any more is dropped. */
  settle(frame: Exclude<ServerFrame, { kind: 'event' }>): void {
    const request = typeof frame.id === 'number' ? this.#inFlight.get(frame.id) : undefined
    if (!request) return
    if (frame.kind === 'error') {
      request.done.reject(new RemoteError(frame.error))
      return
    }
    try {
      request.onReply?.(frame.data)
      request.done.resolve(frame.data)
    } catch (error) {
      request.done.reject(error)
    }
  }

  /** A connection is open: what waits is sent. */
  connected(wire: Wire): void {
    this.#wire = wire
    this.#pump()
  }

  /** The connection was lost: what is in flight fails, what waits goes on waiting. */
  disconnected(cause: ConnectionError): void {
    this.#wire = undefined
    for (const { type, key, done } of this.#inFlight.values()) {
      const message = `${type} got no reply: ${cause.message}`
      done.reject(new ConnectionError(message, { retryable: cause.retryable, cause, key }))
    }
  }

  /** Nothing can be sent any more: everything fails, now and later. */
  end(error: ClientError): void {
    this.#wire = undefined
    this.#ended = error
    for (const { done } of [...this.#queued.values(), ...this.#inFlight.values()]) done.reject(error)
  }

  #pump(): void {
    for (const request of this.#queued.values()) {
      const wire = this.#wire
      // One slot stays free for the heartbeat.
      if (!wire || this.#inFlight.size >= Math.max(1, wire.inFlight - 1)) return
      this.#queued.delete(request.id)
      const bytes = byteLength(request.text, wire.frameBytes)
      if (bytes > wire.frameBytes) {
        const fault = `${request.type} takes ${bytes} bytes; this server reads at most ${wire.frameBytes} in a command`
        request.done.reject(new RemoteError({ code: 'frame.too_large', message: fault, retryable: false }))
        continue
      }
      this.#inFlight.set(request.id, request)
      wire.send(request.text)
    }
  }
}

/** Bytes of the text as UTF-8, counted only where the limit could matter: no character takes more than three a unit. */
function byteLength(text: string, limitBytes: number): number {
  return text.length * 3 <= limitBytes ? text.length : new TextEncoder().encode(text).length
}
