import type { Delivery } from '@cuewire/protocol'
import Denque from 'denque'
import { SENT, type SessionCounters } from './counters.js'
import type { Socket } from './socket.js'

export interface OutboxLimits {
  /** Bytes the socket may buffer. Further frames wait here, where they can still be replaced or dropped. */
  readonly socketBytes: number
  /** Queued bytes above which volatile frames are dropped and the client gets `lagging`. */
  readonly softBytes: number
  /** Queued bytes at which the connection is closed; the client resumes. */
  readonly hardBytes: number
}

/** Events a slow connection did not get. */
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
  /** Schedules `flush` for the end of this tick. */
  readonly schedule: (outbox: Outbox) => void
  /** Called when the client starts to lag. */
  readonly onLagging: (lag: Lag) => void
  /** Called once when the client is too slow to keep: closes the connection with a reconnect code. */
  readonly onOverflow: () => void
  /** Called whenever the queue has been sent. */
  readonly onEmpty: () => void
}

/**
 * Queues the outgoing frames of one connection, in order. They are sent once per tick, corked. While the socket is busy
 * they stay here, bounded in bytes: `latest` frames replace older ones with the same key, and `volatile` ones are
 * dropped.
 */
export class Outbox {
  private readonly queue = new Denque<Waiting>()
  private readonly byKey = new Map<string, Waiting>()
  private waitingBytes = 0
  private droppedVolatile = 0
  private coalescedLatest = 0
  private scheduled = false
  /** The last frame was not sent at once, so ask the socket how much it holds. */
  private buffering = false
  private lagging = false
  private closed = false

  constructor(private readonly options: OutboxOptions) {}

  get queuedBytes(): number {
    return this.waitingBytes
  }

  /** More is queued than a client that keeps up would leave. */
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
    // A burst is not lag: only bytes the socket does not accept count.
    if (this.isCongested) this.sendWaiting()
    this.checkLimits()
    if (!this.scheduled && !this.closed) {
      this.scheduled = true
      this.options.schedule(this)
    }
  }

  /** Sends a reply within the socket's message callback, which the transport corks, unless other frames are queued. */
  sendNow(frame: string): void {
    if (this.closed) return
    if (!this.isEmpty || (this.buffering && this.isSocketBusy())) {
      this.push(frame, 'reliable')
      return
    }
    // No limit depends on this, so the number of characters will do; counting bytes costs time.
    this.transmit(frame, 'reliable', frame.length)
  }

  /** Sends queued frames until the socket is busy. Called at the end of a tick and when the socket drains. */
  flush(): void {
    this.scheduled = false
    this.sendWaiting()
  }

  /** Drops the queue and sends nothing more. */
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
      // Our limits are far below the socket's, so a dropped frame breaks the order: the client must resume.
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
