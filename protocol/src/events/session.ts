import { Type } from '@sinclair/typebox'
import { AT, PRINCIPAL, SERVER_LIMITS } from '../examples.js'
import { Capabilities, Principal, ServerLimits } from '../hello.js'
import { count, durationMs, object, Timestamp } from '../primitives.js'
import { event } from './event.js'

export const sessionEvents = {
  hello: event({
    description: 'The first frame on every connection: versions, limits, principal and models.',
    delivery: 'reliable',
    topics: [],
    data: object({
      protocol: Type.Integer({ description: 'protocol version' }),
      version: Type.String({ description: 'server version' }),
      sessionId: Type.String({ maxLength: 64 }),
      heartbeatMs: durationMs('how often a client should send `ping`, in milliseconds'),
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
        models: [{ task: 'speech', state: 'ready', pack: 'speech-moonshine-base@2.0.0' }],
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
      reconnectAfterMs: Type.Optional(durationMs('how long to wait before reconnecting, in milliseconds')),
    }),
    example: { code: 4100, reason: 'server is shutting down', reconnectAfterMs: 1800 },
  }),
  'auth.expiring': event({
    description: 'The token of this connection expires soon. Send `auth.refresh`.',
    delivery: 'reliable',
    topics: [],
    data: object({ expiresAt: Timestamp }),
    example: { expiresAt: AT },
  }),
  lagging: event({
    description:
      'The client reads too slowly. Until it has caught up, `volatile` events are dropped and `latest` ones coalesced. The numbers of dropped and coalesced events are totals so far.',
    delivery: 'reliable',
    topics: [],
    data: object({
      queuedBytes: count('bytes waiting to be sent'),
      droppedVolatile: count('`volatile` events dropped'),
      coalescedLatest: count('`latest` events replaced by newer ones'),
    }),
    example: { queuedBytes: 524_288, droppedVolatile: 3, coalescedLatest: 41 },
  }),
}
