import type { Clock } from '../lib/clock.js'

/** Lead time of `auth.expiring`. */
const WARNING_MS = 60_000

export type LifetimeEvent = 'expiring' | 'expired' | 'silent'

interface LifetimeOptions {
  readonly clock: Clock
  /** End of the token, milliseconds since 1970; undefined: never. */
  readonly expiresAtMs: number | undefined
  /** Time the connection has for its first frame. */
  readonly firstFrameMs: number
}

/** What time does to a connection: its token runs out, or its first frame never comes. */
export class Lifetime {
  private readonly clock: Clock
  private expiresAtMs: number | undefined
  /** By `clock.elapsed`. */
  private readonly firstFrameDeadlineMs: number
  private heard = false
  private warned = false

  constructor({ clock, expiresAtMs, firstFrameMs }: LifetimeOptions) {
    this.clock = clock
    this.expiresAtMs = expiresAtMs
    this.firstFrameDeadlineMs = clock.elapsed() + firstFrameMs
  }

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
  check(): LifetimeEvent | undefined {
    if (this.expiresInMs() <= 0) return 'expired'
    if (this.firstFrameDueInMs() <= 0) return 'silent'
    if (this.warned || this.expiresInMs() > WARNING_MS) return undefined
    this.warned = true
    return 'expiring'
  }

  /** Milliseconds until `check` has something to tell, as far as is known now. */
  dueInMs(): number {
    const expiresInMs = this.expiresInMs()
    return Math.min(this.warned ? expiresInMs : expiresInMs - WARNING_MS, this.firstFrameDueInMs())
  }

  private expiresInMs(): number {
    return this.expiresAtMs === undefined ? Number.POSITIVE_INFINITY : this.expiresAtMs - this.clock.now()
  }

  private firstFrameDueInMs(): number {
    return this.heard ? Number.POSITIVE_INFINITY : this.firstFrameDeadlineMs - this.clock.elapsed()
  }
}
