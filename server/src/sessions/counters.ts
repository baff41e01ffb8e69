import {
  CLOSE_CODES,
  type CloseCodeName,
  COMMANDS,
  type CommandName,
  ERROR_CODES,
  type ErrorCode,
} from '@cuewire/protocol'
import { Latency } from '../lib/latency.js'
import type { OutboxCounters } from './outbox.js'

const zeros = <K extends string>(table: Record<K, unknown>): Record<K, number> =>
  Object.fromEntries(Object.keys(table).map(key => [key, 0])) as Record<K, number>

/** Plain numbers that the hot path increments; the metrics page reads them. */
export class SessionCounters {
  opened = 0
  /** Bytes of text frames that came in. */
  receivedBytes = 0
  readonly commands: Record<CommandName, number> = zeros(COMMANDS)
  readonly errors: Record<ErrorCode, number> = zeros(ERROR_CODES)
  readonly closed: Record<CloseCodeName, number> = zeros(CLOSE_CODES)
  /** Handshakes that were refused. */
  readonly refused: Record<ErrorCode, number> = zeros(ERROR_CODES)
  /** Of commands that were not answered at once, by name. */
  readonly latency = new Map<CommandName, Latency>()
  /** Of closed connections. */
  readonly outbox: OutboxCounters = { sent: 0, droppedVolatile: 0, coalescedLatest: 0 }

  error(code: ErrorCode): void {
    this.errors[code]++
  }

  /** A command was answered, with a reply or an error, after so many milliseconds. */
  took(command: CommandName, ms: number): void {
    let latency = this.latency.get(command)
    if (!latency) {
      latency = new Latency()
      this.latency.set(command, latency)
    }
    latency.add(ms)
  }

  /** Frames of closed connections and of those that are open. */
  frames(open: Iterable<{ readonly frames: OutboxCounters }>): OutboxCounters {
    const total = { ...this.outbox }
    for (const { frames } of open) add(total, frames)
    return total
  }

  /** Adds what a closed connection's outbox did. */
  addOutbox(frames: OutboxCounters): void {
    add(this.outbox, frames)
  }
}

function add(total: OutboxCounters, { sent, droppedVolatile, coalescedLatest }: OutboxCounters): void {
  total.sent += sent
  total.droppedVolatile += droppedVolatile
  total.coalescedLatest += coalescedLatest
}
