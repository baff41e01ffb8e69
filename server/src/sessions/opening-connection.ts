import { CLOSE_CODES } from '@cuewire/protocol'
import type { Logger } from 'pino'
import type { Connection } from './connection.js'
import type { HandshakeCounters } from './counters.js'
import { goodbyeFrame } from './frames.js'
import type { Socket } from './socket.js'

/** What is kept while the tenant opens: a client that sends more before `hello` does not wait for it at all. */
const MAX_EARLY_FRAMES = 256
const MAX_EARLY_BYTES = 1024 * 1024

/** A connection whose tenant is being opened: what it sends waits, in order, for the session. */
export class OpeningConnection implements Connection {
  private session: Connection | undefined
  private early: ((session: Connection) => void)[] = []
  private earlyBytes = 0
  private gone = false

  constructor(
    private readonly socket: Socket,
    opened: Promise<Connection>,
    private readonly options: { readonly logger: Logger; readonly counters: HandshakeCounters },
  ) {
    opened.then(
      session => this.begin(session),
      (error: unknown) => this.fail(error),
    )
  }

  message(text: string, bytes: number): void {
    this.now(session => session.message(text, bytes), bytes)
  }

  binaryMessage(): void {
    this.now(session => session.binaryMessage(), 0)
  }

  drained(): void {
    this.session?.drained()
  }

  ended(): void {
    this.gone = true
    this.session?.ended()
  }

  private fail(error: unknown): void {
    const { logger, counters } = this.options
    logger.error({ err: error }, 'a tenant could not be opened')
    counters.closed.unavailable++
    const reason = 'the server cannot open what this connection is about'
    this.socket.cork(() => this.socket.send(goodbyeFrame('unavailable', reason)))
    this.socket.end(CLOSE_CODES.unavailable.code, reason)
  }

  private begin(session: Connection): void {
    this.session = session
    for (const frame of this.early) frame(session)
    this.early = []
    if (this.gone) session.ended()
  }

  private now(act: (session: Connection) => void, bytes: number): void {
    if (this.session) {
      act(this.session)
      return
    }
    if (this.gone) return
    this.earlyBytes += bytes
    if (this.early.length < MAX_EARLY_FRAMES && this.earlyBytes <= MAX_EARLY_BYTES) this.early.push(act)
    else this.giveUp()
  }

  private giveUp(): void {
    this.early = []
    this.options.counters.closed.abuse++
    this.socket.end(CLOSE_CODES.abuse.code, 'too many frames before hello')
  }
}
