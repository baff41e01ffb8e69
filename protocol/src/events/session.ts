import { Type } from '@sinclair/typebox'
import { AT, PRINCIPAL, SERVER_LIMITS } from '../examples.js'
import { Capabilities, Principal, ServerLimits } from '../hello.js'
import { Count, DurationMs, object, Timestamp } from '../primitives.js'
import { event } from './event.js'

export const sessionEvents = {
  hello: event({
    description: 'The first frame of the server on every connection.',
    delivery: 'reliable',
    topics: [],
    data: object({
      protocol: Type.Integer({ description: 'protocol version' }),
      version: Type.String({ description: 'server version' }),
      sessionId: Type.String({ maxLength: 64 }),
      heartbeatMs: DurationMs,
      principal: Principal,
      limits: ServerLimits,
      capabilities: Capabilities,
    }),
    example: {
      protocol: 1,
      version: '0.1.0',
      sessionId: '01JD7Z0TM4Y8Q6B2N9C5V1X3KD',
      heartbeatMs: 25_000,
      principal: PRINCIPAL,
      limits: SERVER_LIMITS,
      capabilities: {
        chatEngine: 'extractive',
        models: [{ task: 'speech', state: 'ready', pack: 'speech-moonshine-base@0.1.16' }],
      },
    },
  }),
  goodbye: event({
    description: 'The server is about to close this connection.',
    delivery: 'reliable',
    topics: [],
    data: object({
      code: Type.Integer({ minimum: 4000, maximum: 4299, description: 'the close code that follows' }),
      reason: Type.String({ maxLength: 100 }),
      reconnectAfterMs: Type.Optional(DurationMs),
    }),
    example: { code: 4100, reason: 'server is shutting down', reconnectAfterMs: 1800 },
  }),
  'auth.expiring': event({
    description: 'The token of this connection expires soon: send `auth.refresh`.',
    delivery: 'reliable',
    topics: [],
    data: object({ expiresAt: Timestamp }),
    example: { expiresAt: AT },
  }),
  lagging: event({
    description:
      'The client reads too slowly: while it does, volatile events are dropped and progress is coalesced. The numbers are those so far.',
    delivery: 'reliable',
    topics: [],
    data: object({ queuedBytes: Count, droppedVolatile: Count, coalescedLatest: Count }),
    example: { queuedBytes: 524_288, droppedVolatile: 3, coalescedLatest: 41 },
  }),
}
