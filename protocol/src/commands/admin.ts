import { Type } from '@sinclair/typebox'
import { AT, PRINCIPAL } from '../examples.js'
import { Principal } from '../hello.js'
import { Count, Cursor, DurationMs, object, PageLimit, Timestamp } from '../primitives.js'
import { command } from './command.js'

/** Counters by name: of commands, of error codes, of close codes, of what became of frames, of tables with damaged records. */
const Counters = Type.Record(Type.String(), Count)

export const SessionInfo = object({
  sessionId: Type.String(),
  principal: Principal,
  remoteAddress: Type.String(),
  openedAt: Timestamp,
  topics: Type.Array(Type.String(), { maxItems: 10_000 }),
  inFlight: Count,
  queuedBytes: Count,
})

export const adminCommands = {
  'admin.sessions': command({
    description: 'The open connections of the tenant, oldest first, with what each listens to and what waits for it.',
    scope: 'admin',
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
    description: 'What this server did for the tenant since its start, and how loaded it is.',
    scope: 'admin',
    cost: 10,
    params: object({}),
    result: object({
      uptimeMs: DurationMs,
      rssBytes: Count,
      connections: Count,
      queuedBytes: Count,
      jobsQueued: Count,
      receivedBytes: Count,
      sentBytes: Count,
      commands: Counters,
      errors: Counters,
      closes: Counters,
      frames: Counters,
      damagedRecords: Counters,
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
