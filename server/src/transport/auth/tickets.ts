import { randomBytes } from 'node:crypto'
import { AppError } from '../../lib/app-error.js'
import type { Principal } from '../../sessions/principal.js'

/** How long a ticket is good for. */
const TICKET_MS = 30_000
/** Tickets that may be out at once; the oldest goes first. */
const MAX_TICKETS = 100_000

interface Issued {
  readonly principal: Principal
  /** The web page it was given to; only that may use it. */
  readonly origin: string | undefined
  readonly expiresAtMs: number
}

/** Single-use tickets for browsers, which cannot send a header with a WebSocket handshake. Kept in memory only. */
export class Tickets {
  private readonly issued = new Map<string, Issued>()

  constructor(private readonly now: () => number = Date.now) {}

  issue(principal: Principal, origin: string | undefined): { readonly ticket: string; readonly expiresAt: string } {
    this.makeRoom()
    const ticket = randomBytes(32).toString('base64url')
    const expiresAtMs = Math.min(this.now() + TICKET_MS, principal.expiresAtMs ?? Number.POSITIVE_INFINITY)
    this.issued.set(ticket, { principal, origin, expiresAtMs })
    return { ticket, expiresAt: new Date(expiresAtMs).toISOString() }
  }

  /** The principal it was issued to; it is used up whatever comes of it. */
  redeem(ticket: string, origin: string | undefined): Principal {
    const issued = this.issued.get(ticket)
    this.issued.delete(ticket)
    if (!issued || issued.origin !== origin) {
      throw new AppError('auth.invalid', 'The ticket is unknown, was used already, or belongs to another page.')
    }
    if (issued.expiresAtMs <= this.now()) throw new AppError('auth.expired', 'The ticket has expired; get a new one.')
    return issued.principal
  }

  private makeRoom(): void {
    // In order of issue, so the first that is still good ends the search.
    for (const [ticket, { expiresAtMs }] of this.issued) {
      if (expiresAtMs > this.now() && this.issued.size < MAX_TICKETS) return
      this.issued.delete(ticket)
    }
  }
}
