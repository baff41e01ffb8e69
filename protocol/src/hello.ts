import { type Static, Type } from '@sinclair/typebox'
import { SCOPES } from './commands/command.js'
import { PATTERNS } from './patterns.js'
import { Count, DurationMs, object, oneOf, Subject, Timestamp } from './primitives.js'

/** What may serve the port: uWebSockets.js, or the `ws` package on Node's own HTTP server. */
export const TRANSPORTS = ['uws', 'ws'] as const
export type TransportName = (typeof TRANSPORTS)[number]

/** The limits this server holds a connection to. */
export const ServerLimits = object({
  frameBytes: Count,
  inFlight: Count,
  subscriptions: Count,
  uploadBytes: Count,
  openUploads: Type.Integer({ minimum: 1, description: 'unfinished uploads of a tenant' }),
  depth: Type.Integer({ minimum: 1, description: 'levels of nested objects and arrays in a frame' }),
  values: Type.Integer({
    minimum: 1,
    description: 'values in a frame that hold no others: numbers, strings, empty arrays ...',
  }),
  commandsPerSecond: Type.Number({
    minimum: 0,
    description: 'tokens a connection gets each second; a look-up costs 1',
  }),
  commandBurst: Type.Number({ minimum: 1, description: 'tokens a connection may save up' }),
  idempotencyMs: DurationMs,
  firstFrameMs: DurationMs,
})
export type ServerLimits = Static<typeof ServerLimits>

/** What is really loaded: a task without a ready model says which command mends it. */
export const Capabilities = object({
  chatEngine: Type.String(),
  models: Type.Array(
    object({
      task: Type.String(),
      state: oneOf(['ready', 'missing', 'corrupt']),
      pack: Type.String(),
      reason: Type.Optional(Type.String()),
      command: Type.Optional(Type.String()),
    }),
    { maxItems: 50 },
  ),
})
export type Capabilities = Static<typeof Capabilities>

/** Whom the server takes this connection for. Without authentication: subject `local`, every scope. */
export const Principal = object({
  subject: Subject,
  tenant: Type.String({ pattern: PATTERNS.tenant.pattern }),
  scopes: Type.Array(oneOf(SCOPES), { maxItems: SCOPES.length }),
  expiresAt: Type.Optional(Timestamp),
})
export type Principal = Static<typeof Principal>
