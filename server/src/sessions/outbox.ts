import type { Delivery } from '@cuewire/protocol'
import Denque from 'denque'
import { SENT, type SessionCounters } from './counters.js'
import type { Socket } from './socket.js'

export interface OutboxLimits {
  /** Bytes the socket may buffer before frames wait here, where they can still be replaced or dropped. */
  readonly socketBytes: number
  /** Waiting bytes from which on volatile frames are dropped and the client is told that it lags. */
  readonly softBytes: number
  /** Waiting bytes at which the connection is closed, to be resumed. */
  readonly hardBytes: number
}

/** What a connection did not get because it was slow. */
export interface Lag {
  readonly queuedBytes: number
  readonly droppedVolatile: number
  readonly coalescedLatest: number
}

interface Waiting {
  frame: string | Uint8Array
  bytes: number
  readonly delivery: Delivery
  readonly key: string | undefined
}

interface OutboxOptions {
  readonly socket: Socket
  readonly limits: OutboxLimits
  readonly counters: Pick<SessionCounters, 'frames' | 'sentBytes'>
  /** Asks for `flush` once this tick is over. */
  readonly schedule: (outbox: Outbox) => void
  /** Called when the client begins to lag: sends the notice. */
  readonly onLagging: (lag: Lag) => void
  /** Called once when the client cannot be kept: closes the connection with a reconnect code. */
  readonly onOverflow: () => void
  /** Called whenever everything that waited has been sent. */
  readonly onEmpty: () => void
}

/**
 * The frames of one connection on their way out, in order. They go out once per tick inside a cork; while the socket
 * is busy they wait here, bounded in bytes: `latest` frames replace older ones of their key, `volatile` ones are dropped.
 */
export class Outbox {
  private readonly queue = new Denque<Waiting>()
  private readonly byKey = new Map<string, Waiting>()
  private waitingBytes = 0
  private droppedVolatile = 0
  private coalescedLatest = 0
  private scheduled = false
  /** The last frame did not go out at once, so it is worth asking the socket how much it holds. */
  private buffering = false
  private lagging = false
  private closed = false

  constructor(private readonly options: OutboxOptions) {}

  get queuedBytes(): number {
    return this.waitingBytes
  }

  /** More waits than a client that keeps up leaves waiting. */
  get isCongested(): boolean {
    return this.waitingBytes > this.options.limits.softBytes
  }

  get isEmpty(): boolean {
    return this.queue.isEmpty()
  }

  /** Queues a frame for the end of this tick. */
  push(frame: string | Uint8Array, delivery: Delivery, key?: string): void {
    if (this.closed) return
    if (delivery === 'volatile' && this.isCongested) {
      this.droppedVolatile++
      this.options.counters.frames.droppedVolatile++
      return
    }
    if (!this.replace(frame, key)) this.append(frame, delivery, key)
    // A burst is no lag: only what the socket does not take counts.
    if (this.isCongested) this.sendWaiting()
    this.checkLimits()
    if (!this.scheduled && !this.closed) {
      this.scheduled = true
      this.options.schedule(this)
    }
  }

  /** Sends a reply from within the socket's own message callback, which the transport corks, unless others wait. */
  sendNow(frame: string): void {
    if (this.closed) return
    if (!this.isEmpty || (this.buffering && this.isSocketBusy())) {
      this.push(frame, 'reliable')
      return
    }
    // It counts towards no limit: its characters stand for its bytes, which cost time to count.
    this.transmit(frame, 'reliable', frame.length)
  }

  /** Sends what waits until the socket is busy again; called at the end of a tick and when the socket drains. */
  flush(): void {
    this.scheduled = false
    this.sendWaiting()
  }

  /** Forgets what waits; nothing is sent any more. */
  close(): void {
    this.closed = true
    this.queue.clear()
    this.byKey.clear()
    this.waitingBytes = 0
  }

  private sendWaiting(): void {
    if (this.closed || this.isEmpty || (this.buffering && this.isSocketBusy())) return
    this.options.socket.cork(() => this.drainQueue())
    if (this.isEmpty && !this.closed) this.options.onEmpty()
  }

  private replace(frame: string | Uint8Array, key: string | undefined): boolean {
    const waiting = key === undefined ? undefined : this.byKey.get(key)
    if (!waiting) return false
    const bytes = byteLength(frame)
    this.waitingBytes += bytes - waiting.bytes
    waiting.frame = frame
    waiting.bytes = bytes
    this.coalescedLatest++
    this.options.counters.frames.coalescedLatest++
    return true
  }

  private append(frame: string | Uint8Array, delivery: Delivery, key: string | undefined): void {
    const waiting: Waiting = { frame, bytes: byteLength(frame), delivery, key }
    this.queue.push(waiting)
    this.waitingBytes += waiting.bytes
    if (key !== undefined) this.byKey.set(key, waiting)
  }

  private drainQueue(): void {
    while (!this.buffering || !this.isSocketBusy()) {
      const waiting = this.queue.shift()
      if (!waiting) {
        this.lagging = false
        return
      }
      if (waiting.key !== undefined) this.byKey.delete(waiting.key)
      this.waitingBytes -= waiting.bytes
      this.transmit(waiting.frame, waiting.delivery, waiting.bytes)
    }
  }

  private transmit(frame: string | Uint8Array, delivery: Delivery, bytes: number): void {
    const { socket, counters } = this.options
    const outcome = socket.send(frame)
    if (outcome === 'dropped') {
      // Our limits lie far below the socket's, so a drop means that order is lost: the client must resume.
      this.overflow()
      return
    }
    this.buffering = outcome === 'queued'
    counters.frames[SENT[delivery]]++
    counters.sentBytes += bytes
  }

  private isSocketBusy(): boolean {
    return this.options.socket.bufferedBytes() > this.options.limits.socketBytes
  }

  private checkLimits(): void {
    if (this.waitingBytes > this.options.limits.hardBytes) {
      this.overflow()
    } else if (this.isCongested && !this.lagging) {
      this.lagging = true
      const { waitingBytes: queuedBytes, droppedVolatile, coalescedLatest } = this
      this.options.onLagging({ queuedBytes, droppedVolatile, coalescedLatest })
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
