import {
  CLOSE_CODES,
  type CloseCodeName,
  COMMANDS,
  type CommandName,
  ERROR_CODES,
  type ErrorCode,
} from '@cuewire/protocol'
import type { OutboxCounters } from './outbox.js'

const zeros = <K extends string>(table: Record<K, unknown>): Record<K, number> =>
  Object.fromEntries(Object.keys(table).map(key => [key, 0])) as Record<K, number>

/** Plain numbers that the hot path increments; the metrics page reads them. */
export class SessionCounters {
  opened = 0
  readonly commands: Record<CommandName, number> = zeros(COMMANDS)
  readonly errors: Record<ErrorCode, number> = zeros(ERROR_CODES)
  readonly closed: Record<CloseCodeName, number> = zeros(CLOSE_CODES)
  readonly outbox: OutboxCounters = { sent: 0, droppedVolatile: 0, coalescedLatest: 0 }

  error(code: ErrorCode): void {
    this.errors[code]++
  }

  /** Adds what a closed connection's outbox did. */
  addOutbox({ sent, droppedVolatile, coalescedLatest }: OutboxCounters): void {
    this.outbox.sent += sent
    this.outbox.droppedVolatile += droppedVolatile
    this.outbox.coalescedLatest += coalescedLatest
  }
}
