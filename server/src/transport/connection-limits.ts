import { type Principal, principalKey } from '../identity/principal.js'
import { AppError } from '../lib/app-error.js'
import { addressGroup } from '../lib/ip-address.js'

const RETRY_AFTER_MS = 5000

interface ConnectionLimitsOptions {
  readonly inAll: number
  /** Per IPv4 address, or per IPv6 /64 network. */
  readonly ofAddress: number
  /** Per subject of a tenant. */
  readonly ofSubject: number
}

/** Counts open connections and enforces the limits with `http.too_many_connections`. */
export class ConnectionLimits {
  private open = 0
  private readonly byAddress = new Counts()
  private readonly bySubject = new Counts()

  constructor(private readonly options: ConnectionLimitsOptions) {}

  /** Throws if the server or the address is at its limit. */
  checkAddress(address: string): void {
    const { inAll, ofAddress } = this.options
    if (this.open >= inAll) throw tooMany('The server', inAll)
    if (this.byAddress.of(addressGroup(address)) >= ofAddress) throw tooMany('This address', ofAddress)
  }

  /** Throws if the subject is at its limit. */
  checkSubject(principal: Principal): void {
    const { ofSubject } = this.options
    if (this.bySubject.of(principalKey(principal)) >= ofSubject) throw tooMany('This subject', ofSubject)
  }

  /** Counts a connection. Call the returned function once when it has ended. */
  enter(address: string, principal: Principal): () => void {
    const group = addressGroup(address)
    const subject = principalKey(principal)
    this.open++
    this.byAddress.add(group)
    this.bySubject.add(subject)
    return () => {
      this.open--
      this.byAddress.remove(group)
      this.bySubject.remove(subject)
    }
  }
}

/** A count per name. */
class Counts {
  private readonly counts = new Map<string, number>()

  of(name: string): number {
    return this.counts.get(name) ?? 0
  }

  add(name: string): void {
    this.counts.set(name, this.of(name) + 1)
  }

  remove(name: string): void {
    const left = this.of(name) - 1
    if (left > 0) this.counts.set(name, left)
    else this.counts.delete(name)
  }
}

function tooMany(who: string, most: number): AppError {
  return new AppError(
    'http.too_many_connections',
    `${who} has reached its limit of connections (${most}); close some or try again later.`,
    {
      retryAfterMs: RETRY_AFTER_MS,
    },
  )
}
