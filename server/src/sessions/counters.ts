import { CLOSE_CODES, type CloseCodeName, type Delivery, ERROR_CODES, type ErrorCode } from '@cuewire/protocol'
import { CommandCounters } from '../commands/command-counters.js'
import { zeros } from '../lib/zeros.js'

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

/** The sessions of one tenant, and its commands: plain numbers that the hot path increments and the metrics page reads. */
export class SessionCounters extends CommandCounters {
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
  readonly closed: Record<CloseCodeName, number> = zeros(CLOSE_CODES)
}

/** What happened to handshakes. */
export class HandshakeCounters {
  /** Refused, by reason. */
  readonly refused: Record<ErrorCode, number> = zeros(ERROR_CODES)
}
