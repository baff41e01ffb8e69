import type { CommandCore } from '../commands/command-core.js'
import type { Principal } from '../identity/principal.js'
import type { RateLimits } from '../identity/rate-limits.js'
import type { Clock } from '../lib/clock.js'
import type { Outbox, OutboxLimits } from './outbox.js'
import type { ServerInfo } from './server-info.js'

export interface SessionLimits {
  readonly frameBytes: number
  readonly inFlight: number
  readonly subscriptions: number
  /** Time a new connection has for its first frame. */
  readonly firstFrameMs: number
  /** Consecutive invalid frames after which the connection is closed as abuse. */
  readonly faultyFrames: number
  readonly outbox: OutboxLimits
  /** Time between `goodbye` and the close at shutdown, for commands that cross it on the way. */
  readonly lingerMs: number
  /** Bytes a replay adds to the outbox at a time; below its soft limit. */
  readonly replayPageBytes: number
}

/** Dependencies shared by all sessions of a server. */
export interface SessionDependencies {
  readonly info: ServerInfo
  readonly core: CommandCore
  /** Checks the token of `auth.refresh`. Throws `auth.*`. */
  readonly verifyToken: (token: string) => Principal
  readonly clock: Clock
  readonly limits: SessionLimits
  readonly rateLimits: RateLimits
  readonly schedule: (outbox: Outbox) => void
}
