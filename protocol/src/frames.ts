import { type Static, Type } from '@sinclair/typebox'
import { ErrorShape } from './error-codes.js'
import { PATTERNS } from './patterns.js'
import { Count, object, Timestamp, Topic, Traceparent } from './primitives.js'
import { line } from './text.js'

/** Correlates a command with its reply; echoed unchanged. */
export const CommandId = Type.Union([
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  line({ minLength: 1, maxLength: 64 }),
])
export type CommandId = Static<typeof CommandId>

export const FrameType = Type.String({ pattern: PATTERNS.frameType.pattern, maxLength: 64 })

/** Client to server. */
export const CommandFrame = object({
  type: FrameType,
  id: Type.Optional(CommandId),
  data: Type.Optional(Type.Object({}, { additionalProperties: true })),
  key: Type.Optional(line({ minLength: 1, maxLength: 128, description: 'idempotency key of a mutating command' })),
  traceparent: Type.Optional(Traceparent),
})
export type CommandFrame = Static<typeof CommandFrame>

/** Server to client: the answer to a command that succeeded. */
export const ReplyFrame = object({
  type: Type.Literal('reply'),
  id: Type.Optional(CommandId),
  data: Type.Unknown(),
})
export type ReplyFrame = Static<typeof ReplyFrame>

/** Server to client: the answer to a command that failed, or to an invalid frame. */
export const ErrorFrame = object({
  type: Type.Literal('error'),
  id: Type.Optional(CommandId),
  error: ErrorShape,
})
export type ErrorFrame = Static<typeof ErrorFrame>

/**
 * Server to client: something happened. Events of the connection itself have no `topic`; events that are not numbered
 * have no `seq`.
 */
export const EventFrame = object({
  type: FrameType,
  topic: Type.Optional(Topic),
  seq: Type.Optional(Count),
  at: Timestamp,
  data: Type.Unknown(),
})
export type EventFrame = Static<typeof EventFrame>
