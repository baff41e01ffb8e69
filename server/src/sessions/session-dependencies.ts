import type { Logger } from 'pino'
import type { Clock } from '../lib/clock.js'
import type { Admin } from './admin.js'
import type { Outbox, OutboxLimits } from './outbox.js'
import type { Principal } from './principal.js'
import type { RateLimits } from './rate-limits.js'
import type { ServerInfo } from './server-info.js'

export interface SessionLimits {
  readonly frameBytes: number
  readonly inFlight: number
  readonly subscriptions: number
  /** Time a new connection has for its first frame. */
  readonly firstFrameMs: number
  /** Faulty frames in a row after which the connection is closed as abuse. */
  readonly faultyFrames: number
  readonly outbox: OutboxLimits
  /** Time between `goodbye` and the close of a server that shuts down, for commands that cross it on their way. */
  readonly lingerMs: number
  /** What a replay adds to the outbox at a time; below its soft limit. */
  readonly replayPageBytes: number
}

/** What every session of a server shares. */
export interface SessionDependencies {
  readonly info: ServerInfo
  readonly admin: Admin
  /** Checks the token of `auth.refresh`. Throws `auth.*`. */
  readonly verifyToken: (token: string) => Principal
  readonly logger: Logger
  readonly clock: Clock
  readonly limits: SessionLimits
  readonly rateLimits: RateLimits
  readonly schedule: (outbox: Outbox) => void
  /** Whether replies are checked against their schemas. */
  readonly checkOutput: boolean
}
