import type { CommandFrame } from '#protocol'
import { checkNumber } from './check-number.js'
import { type Deferred, deferred } from './deferred.js'
import { ClientError, ConnectionError, RemoteError, TimeoutError } from './errors.js'
import type { ServerFrame } from './parse.js'

/** Options for sending one command. */
export interface CommandOptions {
  /** Stops waiting. To stop the work on the server, use `chat.cancel` or `processing.cancel`. */
  readonly signal?: AbortSignal
  /** How long the reply may take, every wait before it included. @default the client's `timeoutMs` */
  readonly timeoutMs?: number
  /** How often it is sent again after a refusal; 0: never. @default the client's `maxRetries` */
  readonly maxRetries?: number
  /** Idempotency key: give the `key` of the error to retry a mutating command. @default a new one */
  readonly key?: string
  /** W3C trace context, for the server's log and for the job the command brings about. */
  readonly traceparent?: string
}

/** The connection as requests see it, while it is open. */
export interface Wire {
  readonly send: (text: string) => void
  readonly inFlight: number
  readonly frameBytes: number
}

/** Shortest pause after `limit.rate`; shorter ones would bring more refusals, not more commands. */
const MIN_HOLD_MS = 50

interface Request {
  readonly id: number
  readonly type: string
  readonly text: string
  readonly key: string | undefined
  readonly done: Deferred<unknown>
  readonly onReply: ((data: unknown) => void) | undefined
  /** When the caller stops waiting, by `performance.now()`. */
  readonly deadlineMs: number
  retriesLeft: number
  /** Not sent before this time, by `performance.now()`. */
  dueMs: number
  /** The caller has stopped waiting. A command in flight keeps its slot until the server answers. */
  abandoned: boolean
}

interface RequestLimits {
  readonly timeoutMs: number
  readonly maxQueued: number
  readonly maxRetries: number
}

/** Commands by id, from the call to the reply: queued until the connection is open and has room, then in flight. */
export class Requests {
  #wire: Wire | undefined
  #ended: ClientError | undefined
  #nextId = 1
  /** By id, which is the order they are sent in. */
  #queued = new Map<number, Request>()
  readonly #inFlight = new Map<number, Request>()
  readonly #limits: RequestLimits
  /** After `limit.rate`: send nothing before this time, and then limit the commands in flight. */
  #roomAtMs = 0
  #window = Number.POSITIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(limits: RequestLimits) {
    this.#limits = limits
  }

  /**
   * Sends a command and waits for its reply. `onReply` sees the reply before the next frame is read, which awaiting
   * the promise does not promise: several frames may arrive in one turn of the event loop.
   */
  async send(type: string, data: object, options: CommandOptions, onReply?: (data: unknown) => void): Promise<unknown> {
    const { signal, key, traceparent } = options
    const timeoutMs = checkNumber('timeoutMs', options.timeoutMs ?? this.#limits.timeoutMs)
    const retriesLeft = checkNumber('maxRetries', options.maxRetries ?? this.#limits.maxRetries)
    signal?.throwIfAborted()
    if (this.#ended) throw this.#ended
    if (this.#queued.size >= this.#limits.maxQueued) {
      throw new ClientError(`${type} was not sent: ${this.#queued.size} commands already wait (maxQueued)`)
    }
    const id = this.#nextId++
    const frame: CommandFrame = {
      type,
      id,
      data: { ...data },
      ...(key !== undefined && { key }),
      ...(traceparent !== undefined && { traceparent }),
    }
    const request: Request = {
      id,
      type,
      text: JSON.stringify(frame),
      key,
      done: deferred(),
      onReply,
      deadlineMs: performance.now() + timeoutMs,
      retriesLeft,
      dueMs: 0,
      abandoned: false,
    }
    const abandon = (reason: unknown) => {
      request.abandoned = true
      this.#queued.delete(id)
      request.done.reject(reason)
    }
    const timer = setTimeout(
      () => abandon(new TimeoutError(`no reply to ${type} within ${timeoutMs} ms`, { key })),
      timeoutMs,
    )
    const onAbort = () => abandon(signal?.reason)
    signal?.addEventListener('abort', onAbort)
    this.#queued.set(id, request)
    this.#pump()
    try {
      return await request.done.promise
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Takes the answer of a command; one that nobody waits for any more is dropped. */
  settle(frame: Exclude<ServerFrame, { kind: 'event' }>): void {
    const request = typeof frame.id === 'number' ? this.#inFlight.get(frame.id) : undefined
    if (!request) return
    this.#inFlight.delete(request.id)
    this.#window++
    if (frame.kind === 'error') this.#refused(request, new RemoteError(frame.error))
    else this.#answered(request, frame.data)
    this.#pump()
  }

  /** A connection is open: sends waiting commands. */
  connected(wire: Wire): void {
    this.#wire = wire
    this.#roomAtMs = 0
    this.#window = Number.POSITIVE_INFINITY
    this.#pump()
  }

  /** The server accepts no more commands on this connection; waiting ones go to the next. */
  hold(): void {
    this.#wire = undefined
  }

  /** The connection was lost: commands in flight fail, waiting ones keep waiting. */
  disconnected(cause: ConnectionError): void {
    this.#wire = undefined
    for (const { type, key, done } of this.#inFlight.values()) {
      const message = `${type} got no reply: ${cause.message}`
      done.reject(new ConnectionError(message, { retryable: cause.retryable, cause, key }))
    }
    this.#inFlight.clear()
  }

  /** The client is closed: all commands fail, now and later. */
  end(error: ClientError): void {
    this.#wire = undefined
    this.#ended = error
    for (const { done } of [...this.#queued.values(), ...this.#inFlight.values()]) done.reject(error)
    this.#queued.clear()
    this.#inFlight.clear()
    clearTimeout(this.#timer)
  }

  #answered(request: Request, data: unknown): void {
    if (request.abandoned) return
    try {
      request.onReply?.(data)
      request.done.resolve(data)
    } catch (error) {
      request.done.reject(error)
    }
  }

  /** Schedules the command to be sent again if the server says that helps and there is time. */
  #refused(request: Request, error: RemoteError): void {
    const { code, retryable, retryAfterMs = Number.POSITIVE_INFINITY } = error
    const draining = code === 'server.draining'
    if (draining) this.hold()
    if (request.abandoned) return
    const now = performance.now()
    if (!retryable || request.retriesLeft < 1 || (!draining && now + retryAfterMs >= request.deadlineMs)) {
      request.done.reject(error)
      return
    }
    if (code === 'limit.rate') {
      // Everyone in the queue would be refused as well. One goes first, and each reply makes room for one more.
      this.#roomAtMs = Math.max(this.#roomAtMs, now + Math.max(retryAfterMs, MIN_HOLD_MS))
      this.#window = this.#inFlight.size + 1
    } else if (!draining) {
      request.retriesLeft--
      request.dueMs = now + retryAfterMs
    }
    this.#queued = new Map([...this.#queued, [request.id, request] as const].sort(([a], [b]) => a - b))
  }

  #pump(): void {
    clearTimeout(this.#timer)
    const now = performance.now()
    let nextMs = Number.POSITIVE_INFINITY
    for (const request of this.#queued.values()) {
      const wire = this.#wire
      // One slot stays free for the heartbeat.
      if (!wire || this.#inFlight.size >= Math.min(this.#window, Math.max(1, wire.inFlight - 1))) return
      const dueMs = Math.max(request.dueMs, this.#roomAtMs)
      if (dueMs > now) nextMs = Math.min(nextMs, dueMs)
      else this.#transmit(request, wire)
    }
    if (Number.isFinite(nextMs)) this.#timer = setTimeout(() => this.#pump(), nextMs - now)
  }

  #transmit(request: Request, wire: Wire): void {
    this.#queued.delete(request.id)
    const bytes = byteLength(request.text, wire.frameBytes)
    if (bytes > wire.frameBytes) {
      const fault = `${request.type} takes ${bytes} bytes; this server reads at most ${wire.frameBytes} in a command`
      request.done.reject(new RemoteError({ code: 'frame.too_large', message: fault, retryable: false }))
      return
    }
    this.#inFlight.set(request.id, request)
    wire.send(request.text)
  }
}

/** Bytes of the text as UTF-8, counted only where the limit could matter: no character takes more than three a unit. */
function byteLength(text: string, limitBytes: number): number {
  return text.length * 3 <= limitBytes ? text.length : new TextEncoder().encode(text).length
}
