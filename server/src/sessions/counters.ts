import {
  CLOSE_CODES,
  type CloseCodeName,
  COMMANDS,
  type CommandName,
  type Delivery,
  ERROR_CODES,
  type ErrorCode,
} from '@cuewire/protocol'
import { Latency } from '../lib/latency.js'

const zeros = <K extends string>(table: Record<K, unknown>): Record<K, number> =>
  Object.fromEntries(Object.keys(table).map(key => [key, 0])) as Record<K, number>

/** What became of frames, by delivery class; a reply counts as reliable. */
export type FrameCounters = {
  sentReliable: number
  sentLatest: number
  sentVolatile: number
  droppedVolatile: number
  coalescedLatest: number
}

/** The counter of a sent frame. */
export const SENT = {
  reliable: 'sentReliable',
  latest: 'sentLatest',
  volatile: 'sentVolatile',
} as const satisfies Record<Delivery, keyof FrameCounters>

/** What the sessions of one tenant did: plain numbers that the hot path increments and the metrics page reads. */
export class SessionCounters {
  opened = 0
  /** Bytes of text frames that came in. */
  receivedBytes = 0
  /** Bytes of frames that went out; of replies sent at once, characters. */
  sentBytes = 0
  readonly frames: FrameCounters = {
    sentReliable: 0,
    sentLatest: 0,
    sentVolatile: 0,
    droppedVolatile: 0,
    coalescedLatest: 0,
  }
  readonly commands: Record<CommandName, number> = zeros(COMMANDS)
  readonly errors: Record<ErrorCode, number> = zeros(ERROR_CODES)
  readonly closed: Record<CloseCodeName, number> = zeros(CLOSE_CODES)
  /** Of commands that were not answered at once, by name. */
  readonly latency = new Map<CommandName, Latency>()

  /** A command was answered, with a reply or an error, after so many milliseconds. */
  took(command: CommandName, ms: number): void {
    let latency = this.latency.get(command)
    if (!latency) {
      latency = new Latency()
      this.latency.set(command, latency)
    }
    latency.add(ms)
  }
}

/** What happened to handshakes. */
export class HandshakeCounters {
  /** Refused, by reason. */
  readonly refused: Record<ErrorCode, number> = zeros(ERROR_CODES)
}
