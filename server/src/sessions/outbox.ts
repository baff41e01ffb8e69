import type { Delivery } from '@cuewire/protocol'
import type { Socket } from './socket.js'

export interface OutboxLimits {
  /** Bytes the socket may buffer before frames wait here, where they can still be replaced or dropped. */
  readonly socketBytes: number
  /** Waiting bytes from which on volatile frames are dropped and the client is told that it lags. */
  readonly softBytes: number
  /** Waiting bytes at which the connection is closed, to be resumed. */
  readonly hardBytes: number
}

/** What an outbox did so far. */
export type OutboxCounters = {
  sent: number
  droppedVolatile: number
  coalescedLatest: number
}

interface Waiting {
  frame: string | Uint8Array
  bytes: number
  readonly key: string | undefined
}

interface OutboxOptions {
  readonly socket: Socket
  readonly limits: OutboxLimits
  /** Asks for `flush` once this tick is over. */
  readonly schedule: (outbox: Outbox) => void
  /** Called when the client begins to lag: sends the notice. */
  readonly onLagging: (queuedBytes: number) => void
  /** Called once when the client cannot be kept: closes the connection with a reconnect code. */
  readonly onOverflow: () => void
}

/**
 * The frames of one connection on their way out, in order. They go out once per tick inside a cork; while the socket
 * is busy they wait here, bounded in bytes: `latest` frames replace older ones of their key, `volatile` ones are dropped.
 */
export class Outbox {
  readonly counters: OutboxCounters = { sent: 0, droppedVolatile: 0, coalescedLatest: 0 }
  private queue: Waiting[] = []
  private head = 0
  private readonly byKey = new Map<string, Waiting>()
  private waitingBytes = 0
  private scheduled = false
  /** The last frame did not go out at once, so it is worth asking the socket how much it holds. */
  private buffering = false
  private lagging = false
  private closed = false

  constructor(private readonly options: OutboxOptions) {}

  get queuedBytes(): number {
    return this.waitingBytes
  }

  /** Queues a frame for the end of this tick. */
  push(frame: string | Uint8Array, delivery: Delivery, key?: string): void {
    if (this.closed) return
    if (delivery === 'volatile' && this.waitingBytes > this.options.limits.softBytes) {
      this.counters.droppedVolatile++
      return
    }
    if (!this.replace(frame, key)) this.append(frame, key)
    this.checkLimits()
    if (!this.scheduled && !this.closed) {
      this.scheduled = true
      this.options.schedule(this)
    }
  }

  /** Sends a reply from within the socket's own message callback, which uWS corks by itself, unless others wait. */
  sendNow(frame: string): void {
    if (this.closed) return
    if (this.head < this.queue.length || (this.buffering && this.isSocketBusy())) {
      this.push(frame, 'reliable')
      return
    }
    this.transmit(frame)
  }

  /** Sends what waits until the socket is busy again; called at the end of a tick and when the socket drains. */
  flush(): void {
    this.scheduled = false
    if (this.closed || this.head === this.queue.length) return
    this.options.socket.cork(() => this.drainQueue())
  }

  /** Forgets what waits; nothing is sent any more. */
  close(): void {
    this.closed = true
    this.queue = []
    this.head = 0
    this.byKey.clear()
    this.waitingBytes = 0
  }

  private replace(frame: string | Uint8Array, key: string | undefined): boolean {
    const waiting = key === undefined ? undefined : this.byKey.get(key)
    if (!waiting) return false
    const bytes = byteLength(frame)
    this.waitingBytes += bytes - waiting.bytes
    waiting.frame = frame
    waiting.bytes = bytes
    this.counters.coalescedLatest++
    return true
  }

  private append(frame: string | Uint8Array, key: string | undefined): void {
    const waiting: Waiting = { frame, bytes: byteLength(frame), key }
    this.queue.push(waiting)
    this.waitingBytes += waiting.bytes
    if (key !== undefined) this.byKey.set(key, waiting)
  }

  private drainQueue(): void {
    while (this.head < this.queue.length && !this.closed) {
      if (this.buffering && this.isSocketBusy()) return
      const waiting = this.queue[this.head++]
      if (!waiting) break
      if (waiting.key !== undefined) this.byKey.delete(waiting.key)
      this.waitingBytes -= waiting.bytes
      this.transmit(waiting.frame)
    }
    this.queue = []
    this.head = 0
    this.lagging = false
  }

  private transmit(frame: string | Uint8Array): void {
    const outcome = this.options.socket.send(frame)
    if (outcome === 'dropped') {
      // Our limits lie far below the socket's, so a drop means that order is lost: the client must resume.
      this.overflow()
      return
    }
    this.buffering = outcome === 'queued'
    this.counters.sent++
  }

  private isSocketBusy(): boolean {
    return this.options.socket.bufferedBytes() > this.options.limits.socketBytes
  }

  private checkLimits(): void {
    const { softBytes, hardBytes } = this.options.limits
    if (this.waitingBytes > hardBytes) {
      this.overflow()
    } else if (this.waitingBytes > softBytes && !this.lagging) {
      this.lagging = true
      this.options.onLagging(this.waitingBytes)
    }
  }

  private overflow(): void {
    if (this.closed) return
    this.close()
    this.options.onOverflow()
  }
}

function byteLength(frame: string | Uint8Array): number {
  return typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength
}
