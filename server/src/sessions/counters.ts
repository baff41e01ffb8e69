import { CLOSE_CODES, type CloseCodeName, type Delivery, ERROR_CODES, type ErrorCode } from '@cuewire/protocol'
import { CommandCounters } from '../commands/command-counters.js'
import { zeros } from '../lib/zeros.js'

/** Outcomes of frames by delivery class. A reply counts as reliable. */
export type FrameCounters = {
  sentReliable: number
  sentLatest: number
  sentVolatile: number
  droppedVolatile: number
  coalescedLatest: number
}

/** Counter of sent frames for each delivery class. */
export const SENT = {
  reliable: 'sentReliable',
  latest: 'sentLatest',
  volatile: 'sentVolatile',
} as const satisfies Record<Delivery, keyof FrameCounters>

/** Counters of one tenant's sessions and commands. The hot path increments plain numbers, which the metrics read. */
export class SessionCounters extends CommandCounters {
  opened = 0
  /** Bytes of incoming text frames. */
  receivedBytes = 0
  /** Bytes of sent frames; for replies sent at once, characters. */
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

/** Outcomes of handshakes. */
export class HandshakeCounters {
  /** Refused, by reason. */
  readonly refused: Record<ErrorCode, number> = zeros(ERROR_CODES)
}
