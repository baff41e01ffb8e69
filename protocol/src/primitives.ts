import { Kind, type Static, type TObject, type TProperties, Type, TypeRegistry } from '@sinclair/typebox'
import { LIMITS } from './limits.js'
import { PATTERNS } from './patterns.js'
import { line, text } from './text.js'

/** An object schema that rejects unknown keys. */
export const object = <T extends TProperties>(properties: T, description?: string): TObject<T> =>
  Type.Object(properties, { additionalProperties: false, ...(description && { description }) })

/** Teaches TypeBox's own checks, which checkpoints go through, what validators know as `enum`. */
TypeRegistry.Set<{ readonly enum: readonly unknown[] }>('OneOf', (schema, value) => schema.enum.includes(value))

/** One of several string literals, in the order they are listed in the reference. */
export const oneOf = <const T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>({ [Kind]: 'OneOf', type: 'string', enum: values, ...(description && { description }) })

export const Id = Type.String({ pattern: PATTERNS.id.pattern, description: 'ULID' })
export type Id = Static<typeof Id>

export const Seconds = Type.Number({
  minimum: 0,
  maximum: 360_000,
  description: 'media time in seconds from the start of the stream, three decimals',
})
export type Seconds = Static<typeof Seconds>

/** Half-open span of media time, `[start, end)` in seconds. */
export const TimeRange = object({ start: Seconds, end: Seconds }, 'half-open span [start, end) of media time')
export type TimeRange = Static<typeof TimeRange>

const Unit = Type.Number({ minimum: 0, maximum: 1 })

/** Box in fractions of the picture after rotation, clipped to it; the origin is the top left corner. */
export const Box = object(
  { x: Unit, y: Unit, width: Unit, height: Unit },
  'box in fractions of the picture after rotation, origin top left',
)
export type Box = Static<typeof Box>

export const Confidence = Type.Number({ minimum: 0, maximum: 1, description: 'confidence of the model' })
export type Confidence = Static<typeof Confidence>

export const Band = oneOf(['high', 'medium', 'low'], 'strength of the evidence')
export type Band = Static<typeof Band>

export const Timestamp = Type.String({
  pattern: PATTERNS.timestamp.pattern,
  description: 'wall-clock time, ISO 8601 in UTC',
})
export type Timestamp = Static<typeof Timestamp>

export const Traceparent = Type.String({
  pattern: PATTERNS.traceparent.pattern,
  description: 'W3C trace context',
})
export type Traceparent = Static<typeof Traceparent>

/** The `sub` of a token. */
export const Subject = line({ minLength: 1, maxLength: 256 })
export type Subject = Static<typeof Subject>

export const Cursor = line({
  minLength: 1,
  maxLength: 200,
  description: 'opaque position in a list, as returned in `nextCursor`',
})
export type Cursor = Static<typeof Cursor>

export const PageLimit = Type.Integer({
  minimum: 1,
  maximum: LIMITS.pageSize,
  description: 'most rows in the page, default 50; a page of large rows holds fewer',
})

/** Name of a topic that clients can subscribe to. */
export const Topic = Type.String({
  pattern: PATTERNS.topic.pattern,
  description: 'library, video/<id>, visual/<id>, chat/<id> or job/<id>',
})
export type Topic = Static<typeof Topic>

export const count = (description?: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, ...(description && { description }) })
export const Count = count()
export const durationMs = (description: string) => Type.Number({ minimum: 0, description })
export const DurationMs = durationMs('duration in milliseconds')
export const Title = line({ minLength: 1, maxLength: LIMITS.titleLength })
export const Filename = line({ minLength: 1, maxLength: LIMITS.filenameLength })
export const Text = text({ maxLength: LIMITS.textLength })
export const Label = line({ minLength: 1, maxLength: LIMITS.labelLength })
export const Speaker = line({
  minLength: 1,
  maxLength: LIMITS.labelLength,
  description: 'name of a speaker',
})
export const Language = line({ minLength: 1, maxLength: 35, description: 'BCP 47 or ISO 639 code' })
