/** How long before its end a token's connection is told of it. */
const WARNING_MS = 60_000

export type LifetimeEvent = 'expiring' | 'expired' | 'silent'

/** What time does to a connection: its token runs out, or its first frame never comes. */
export class Lifetime {
  private heard = false
  private warned = false

  constructor(
    private expiresAtMs: number | undefined,
    private readonly firstFrameDeadlineMs: number,
  ) {}

  /** A frame came. */
  hear(): void {
    this.heard = true
  }

  /** A new token came; one that ends when the old one did brings no second warning. */
  renew(expiresAtMs: number | undefined): void {
    if (expiresAtMs !== this.expiresAtMs) this.warned = false
    this.expiresAtMs = expiresAtMs
  }

  /** What has come about by now; each warning is given once. */
  check(now: number): LifetimeEvent | undefined {
    const left = (this.expiresAtMs ?? Number.POSITIVE_INFINITY) - now
    if (left <= 0) return 'expired'
    if (!this.heard && now >= this.firstFrameDeadlineMs) return 'silent'
    if (left > WARNING_MS || this.warned) return undefined
    this.warned = true
    return 'expiring'
  }
}
