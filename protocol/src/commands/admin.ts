import { Type } from '@sinclair/typebox'
import { AT, PRINCIPAL } from '../examples.js'
import { Principal } from '../hello.js'
import { Count, Cursor, count, durationMs, object, PageLimit, Timestamp } from '../primitives.js'
import { command } from './command.js'

const counters = (description: string) => Type.Record(Type.String(), Count, { description })

export const SessionInfo = object({
  sessionId: Type.String(),
  principal: Principal,
  remoteAddress: Type.String(),
  openedAt: Timestamp,
  topics: Type.Array(Type.String(), { maxItems: 10_000 }),
  inFlight: count('commands waiting for their reply'),
  queuedBytes: count('bytes waiting to be sent'),
})

export const adminCommands = {
  'admin.sessions': command({
    description: 'Lists the open connections of the tenant, oldest first, with their topics and queues.',
    scope: 'admin',
    errors: ['cursor.invalid'],
    cost: 10,
    params: object({ limit: Type.Optional(PageLimit), cursor: Type.Optional(Cursor) }),
    result: object({ sessions: Type.Array(SessionInfo), nextCursor: Type.Optional(Cursor) }),
    example: {
      params: {},
      result: {
        sessions: [
          {
            sessionId: '01JD7Z0TM4Y8Q6B2N9C5V1X3KD',
            principal: PRINCIPAL,
            remoteAddress: '127.0.0.1',
            openedAt: AT,
            topics: ['library'],
            inFlight: 1,
            queuedBytes: 0,
          },
        ],
      },
    },
  }),
  'admin.stats': command({
    description: 'Returns counters of this server for the tenant since its start, and its current load.',
    scope: 'admin',
    cost: 10,
    params: object({}),
    result: object({
      uptimeMs: durationMs('time since the server started, in milliseconds'),
      rssBytes: count('memory of the server process'),
      connections: count('open connections'),
      queuedBytes: count('bytes waiting to be sent'),
      jobsQueued: count('jobs waiting to run'),
      receivedBytes: Count,
      sentBytes: Count,
      commands: counters('commands that succeeded, by name'),
      errors: counters('errors, by code'),
      closes: counters('connections closed by the server, by reason'),
      frames: counters('frames sent, dropped and coalesced, by delivery class'),
      damagedRecords: counters('damaged records found, by table'),
    }),
    example: {
      params: {},
      result: {
        uptimeMs: 86_400_000,
        rssBytes: 210_000_000,
        connections: 12,
        queuedBytes: 0,
        jobsQueued: 0,
        receivedBytes: 301_056,
        sentBytes: 5_242_880,
        commands: { ping: 2048 },
        errors: { 'command.invalid': 3 },
        closes: { slow: 1 },
        frames: { sentReliable: 40_960, sentLatest: 250, sentVolatile: 0, droppedVolatile: 0, coalescedLatest: 17 },
        damagedRecords: {},
      },
    },
  }),
}
