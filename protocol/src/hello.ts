import { type Static, Type } from '@sinclair/typebox'
import { Count, object, oneOf } from './primitives.js'

/** The limits this server holds a connection to. */
export const ServerLimits = object({
  frameBytes: Count,
  inFlight: Count,
  subscriptions: Count,
  uploadBytes: Count,
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
