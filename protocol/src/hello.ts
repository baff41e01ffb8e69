import { type Static, Type } from '@sinclair/typebox'
import { SCOPES } from './commands/command.js'
import { PATTERNS } from './patterns.js'
import { count, durationMs, object, oneOf, Subject, Timestamp } from './primitives.js'

/** The two transports: uWebSockets.js, and the `ws` package on Node's HTTP server. */
export const TRANSPORTS = ['uws', 'ws'] as const
export type TransportName = (typeof TRANSPORTS)[number]

/** Limits the server enforces on a connection. */
export const ServerLimits = object({
  frameBytes: count('largest frame, in bytes'),
  inFlight: count('commands that may wait for their reply'),
  subscriptions: count('topics of one connection'),
  uploadBytes: count('largest file, in bytes'),
  openUploads: Type.Integer({ minimum: 1, description: 'unfinished uploads of a tenant' }),
  depth: Type.Integer({ minimum: 1, description: 'levels of nested objects and arrays in a frame' }),
  values: Type.Integer({
    minimum: 1,
    description: 'values in a frame that contain no others: numbers, strings, empty arrays and so on',
  }),
  commandsPerSecond: Type.Number({
    minimum: 0,
    description: 'tokens a connection gains each second; a look-up costs 1',
  }),
  commandBurst: Type.Number({ minimum: 1, description: 'tokens a connection may save up' }),
  idempotencyMs: durationMs('how long an idempotency key is remembered, in milliseconds'),
  firstFrameMs: durationMs('time a new connection has for its first frame, in milliseconds'),
})
export type ServerLimits = Static<typeof ServerLimits>

/** The engine and models in use. A task without a ready model has the command that installs it. */
export const Capabilities = object({
  chatEngine: Type.String(),
  models: Type.Array(
    object({
      task: Type.String(),
      state: oneOf(['ready', 'missing', 'corrupt']),
      pack: Type.String(),
      reason: Type.Optional(Type.String({ description: 'why it is not ready' })),
      command: Type.Optional(Type.String({ description: 'the command that fixes it' })),
    }),
    { maxItems: 50 },
  ),
})
export type Capabilities = Static<typeof Capabilities>

/** The authenticated identity and its scopes. Without authentication: subject `local`, every scope. */
export const Principal = object({
  subject: Subject,
  tenant: Type.String({ pattern: PATTERNS.tenant.pattern }),
  scopes: Type.Array(oneOf(SCOPES), { maxItems: SCOPES.length }),
  expiresAt: Type.Optional(Timestamp),
})
export type Principal = Static<typeof Principal>
