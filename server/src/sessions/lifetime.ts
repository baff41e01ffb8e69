import type { Clock } from '../lib/clock.js'

/** Lead time of `auth.expiring`. */
const WARNING_MS = 60_000

export type LifetimeEvent = 'expiring' | 'expired' | 'silent'

interface LifetimeOptions {
  readonly clock: Clock
  /** Expiry of the token in milliseconds since 1970; undefined: never. */
  readonly expiresAtMs: number | undefined
  /** Time the connection has for its first frame. */
  readonly firstFrameMs: number
}

/** The deadlines of a connection: the expiry of its token and the time for its first frame. */
export class Lifetime {
  private readonly clock: Clock
  private expiresAtMs: number | undefined
  /** On the clock of `clock.elapsed`. */
  private readonly firstFrameDeadlineMs: number
  private heard = false
  private warned = false

  constructor({ clock, expiresAtMs, firstFrameMs }: LifetimeOptions) {
    this.clock = clock
    this.expiresAtMs = expiresAtMs
    this.firstFrameDeadlineMs = clock.elapsed() + firstFrameMs
  }

  /** A frame arrived. */
  hear(): void {
    this.heard = true
  }

  /** Sets the expiry of a new token. No second warning if it expires at the same time as the old one. */
  renew(expiresAtMs: number | undefined): void {
    if (expiresAtMs !== this.expiresAtMs) this.warned = false
    this.expiresAtMs = expiresAtMs
  }

  /** The deadline that has passed, if any; each warning is returned once. */
  check(): LifetimeEvent | undefined {
    if (this.expiresInMs() <= 0) return 'expired'
    if (this.firstFrameDueInMs() <= 0) return 'silent'
    if (this.warned || this.expiresInMs() > WARNING_MS) return undefined
    this.warned = true
    return 'expiring'
  }

  /** Milliseconds until `check` may return something, as far as known now. */
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
