import { randomBytes } from 'node:crypto'
import { type Principal, principalKey } from '../../identity/principal.js'
import { tooFast } from '../../identity/rate-limits.js'
import { AppError, errorOf } from '../../lib/app-error.js'
import type { Clock } from '../../lib/clock.js'

/** Lifetime of a ticket. */
const TICKET_MS = 30_000
/** Most unused tickets: per subject of a tenant, and in total. */
const MAX_OF_SUBJECT = 1000
const MAX_TICKETS = 100_000

interface Issued {
  readonly principal: Principal
  /** Origin of the page it was issued to; only that page may use it. */
  readonly origin: string | undefined
  /** On the clock of `clock.elapsed`. */
  readonly issuedAtMs: number
}

/** Single-use tickets for browsers, which cannot send a header with a WebSocket handshake. Kept in memory only. */
export class Tickets {
  /** In order of issue. */
  private readonly issued = new Map<string, Issued>()
  /** The same tickets by subject. */
  private readonly bySubject = new Map<string, Set<Issued>>()

  constructor(private readonly clock: Clock) {}

  /**
   * Issues a ticket. Throws `limit.rate` if too many tickets of the last 30 s are unused; a new ticket never displaces
   * another.
   */
  issue(principal: Principal, origin: string | undefined): { readonly ticket: string; readonly expiresAt: string } {
    const issuedAtMs = this.clock.elapsed()
    this.forgetOld(issuedAtMs)
    const subject = principalKey(principal)
    const own = this.bySubject.get(subject) ?? new Set()
    if (own.size >= MAX_OF_SUBJECT) throw errorOf(tooFast(msUntilRoom(own, issuedAtMs)))
    if (this.issued.size >= MAX_TICKETS) throw errorOf(tooFast(msUntilRoom(this.issued.values(), issuedAtMs)))
    const ticket = randomBytes(32).toString('base64url')
    const issued = { principal, origin, issuedAtMs }
    this.issued.set(ticket, issued)
    this.bySubject.set(subject, own.add(issued))
    return { ticket, expiresAt: new Date(this.clock.now() + this.leftMs(issued)).toISOString() }
  }

  /** Returns the principal of a ticket. The ticket is used up even if this throws. */
  redeem(ticket: string, origin: string | undefined): Principal {
    const issued = this.issued.get(ticket)
    if (issued) this.forget(ticket, issued)
    if (!issued || issued.origin !== origin) {
      throw new AppError(
        'auth.invalid',
        'The ticket is unknown, already used, or issued to another page; get a new one with POST /v1/tickets.',
      )
    }
    if (this.leftMs(issued) <= 0) throw new AppError('auth.expired', 'The ticket has expired; get a new one.')
    return issued.principal
  }

  /** A ticket expires no later than the token that requested it. */
  private leftMs({ principal, issuedAtMs }: Issued): number {
    const ofToken = (principal.expiresAtMs ?? Number.POSITIVE_INFINITY) - this.clock.now()
    return Math.min(issuedAtMs + TICKET_MS - this.clock.elapsed(), ofToken)
  }

  private forgetOld(nowMs: number): void {
    for (const [ticket, issued] of this.issued) {
      if (issued.issuedAtMs + TICKET_MS > nowMs) return
      this.forget(ticket, issued)
    }
  }

  private forget(ticket: string, issued: Issued): void {
    this.issued.delete(ticket)
    const subject = principalKey(issued.principal)
    const own = this.bySubject.get(subject)
    own?.delete(issued)
    if (own?.size === 0) this.bySubject.delete(subject)
  }
}

/** Milliseconds until the oldest ticket expires. */
function msUntilRoom(tickets: Iterable<Issued>, nowMs: number): number {
  const [oldest] = tickets
  return Math.ceil((oldest?.issuedAtMs ?? nowMs) + TICKET_MS - nowMs)
}
