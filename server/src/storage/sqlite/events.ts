import { setImmediate } from 'node:timers/promises'
import { EVENTS, type EventName, type Topic } from '@cuewire/protocol'
import { type Kysely, type SelectQueryBuilder, sql, type Transaction } from 'kysely'
import { assert } from '../../lib/assert.js'
import { eventFrame } from '../../lib/event-frame.js'
import type { EventRetention } from '../../lib/event-retention.js'
import type { EventDraft, EventLog, EventStore, LoggedEvent, Missed, ReadFrom } from '../event-log.js'
import type { Row, Tables } from '../schema.js'
import { inTransaction } from './in-transaction.js'
import type { TenantDb } from './tenant-db.js'

/** Events dropped per step: a few milliseconds of work. */
const TRIMMED_ROWS = 500

/** Validates the data of an outgoing event; throws if it does not fit its schema. */
export type CheckEvent = (type: EventName, data: unknown) => void

export interface EventsOptions extends Pick<TenantDb, 'db' | 'tenant' | 'clock'> {
  readonly retention: EventRetention
  readonly check: CheckEvent | undefined
  /** Called when events were written; inside a transaction, before it commits. */
  readonly appended: () => void
}

/** The log of events of one tenant, in SQLite. */
export function createSqliteEvents(options: EventsOptions): EventStore {
  const { db, tenant, appended } = options
  return {
    async append(events) {
      if (events.length === 0) return
      await inTransaction(db, trx => appendEvents(trx, events, options))
      appended()
    },

    async read(topic, from) {
      const { epoch } = await db.selectFrom('log').select('epoch').executeTakeFirstOrThrow()
      const known = await db
        .selectFrom('topics')
        .select('seq')
        .where('tenant', '=', tenant)
        .where('topic', '=', topic)
        .executeTakeFirst()
      const position = { epoch, seq: known?.seq ?? 0 }
      return { position, missed: await missedSince(db, { tenant, topic, position, from }) }
    },
  }
}

/** The log of events of all tenants, in SQLite. */
export function createSqliteEventLog(
  db: Kysely<Tables>,
  { retention, now, listeners }: { retention: EventRetention; now: () => number; listeners: Set<() => void> },
): EventLog {
  return {
    async newest() {
      const row = await db.selectFrom('events').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
      return row?.id ?? 0
    },

    async after(id, limit) {
      const rows = await db
        .selectFrom('events')
        .select(['id', 'tenant', 'topic', 'type', 'seq', 'frame'])
        .where('id', '>', id)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(row => ({ ...toLogged(row), tenant: row.tenant }))
    },

    onAppended: listener => void listeners.add(listener),

    async trim() {
      const oldest = now() - retention.ageMs
      const bytes = sql<number>`(select max(log_bytes) from events where id = (select max(id) from events))`
      const ids = db.selectFrom('events').select('id')
      // Stop at the first event young enough. After the clock was set back, later events may have earlier times, and
      // removing those would leave a gap in their topics. The plus keeps SQLite from using the index on times.
      const young = await ids.where(sql<boolean>`+at >= ${oldest}`).orderBy('id').limit(1).executeTakeFirst()
      await deleteInSteps(db, (young ? ids.where('id', '<', young.id) : ids.where('at', '<', oldest)).orderBy('id'))
      await deleteInSteps(
        db,
        ids.where(sql<boolean>`log_bytes - length(frame) < ${bytes} - ${retention.totalBytes}`).orderBy('id'),
      )
    },
  }
}

async function deleteInSteps(db: Kysely<Tables>, what: SelectQueryBuilder<Tables, 'events', { id: number }>) {
  for (;;) {
    const { numDeletedRows } = await db
      .deleteFrom('events')
      .where('id', 'in', what.limit(TRIMMED_ROWS))
      .executeTakeFirst()
    if (numDeletedRows < BigInt(TRIMMED_ROWS)) return
    await setImmediate()
  }
}

/**
 * Writes events, and drops those beyond the limits of their topics. Raw SQL: the query builder takes three times as
 * long, and one chat answer is a hundred events.
 */
export async function appendEvents(
  trx: Transaction<Tables>,
  events: readonly EventDraft[],
  { tenant, clock, retention, check }: Omit<EventsOptions, 'db' | 'appended'>,
): Promise<void> {
  const at = clock.now()
  for (const topic of new Set(events.map(event => event.topic))) {
    const drafts = events.filter(event => event.topic === topic)
    const last = await takeNumbers(trx, { tenant, topic, count: drafts.length })
    let { topicBytes, logBytes } = await bytesSoFar(trx, tenant, topic)
    let seq = last - drafts.length
    for (const { type, data } of drafts) {
      assert(EVENTS[type].delivery === 'reliable', `${type} is not for the log`)
      check?.(type, data)
      seq += 1
      const frame = Buffer.from(eventFrame({ type, topic, seq, at, data }))
      topicBytes += frame.byteLength
      logBytes += frame.byteLength
      await sql`insert into events (tenant, topic, seq, type, at, frame, topic_bytes, log_bytes)
        values (${tenant}, ${topic}, ${seq}, ${type}, ${at}, ${frame}, ${topicBytes}, ${logBytes})`.execute(trx)
    }
    // Usually nothing is dropped, so this examines only one row.
    await sql`delete from events where tenant = ${tenant} and topic = ${topic} and seq < (
      select seq from events
      where tenant = ${tenant} and topic = ${topic} and seq > ${last - retention.topicEvents}
        and (topic_bytes - length(frame) >= ${topicBytes - retention.topicBytes} or seq = ${last})
      order by seq limit 1)`.execute(trx)
  }
}

/** Reserves numbers of a topic and returns the last one. */
async function takeNumbers(
  trx: Transaction<Tables>,
  { tenant, topic, count }: { readonly tenant: string; readonly topic: Topic; readonly count: number },
): Promise<number> {
  const { rows } = await sql<{
    seq: number
  }>`insert into topics (tenant, topic, seq) values (${tenant}, ${topic}, ${count})
    on conflict do update set seq = seq + ${count} returning seq`.execute(trx)
  const seq = rows[0]?.seq
  assert(seq !== undefined, 'an insert returns its row')
  return seq
}

/** Bytes of all frames of a topic and of the log so far, including dropped ones. */
async function bytesSoFar(trx: Transaction<Tables>, tenant: string, topic: Topic) {
  const { rows } = await sql<{ topicBytes: number | null; logBytes: number | null }>`select
    (select topic_bytes from events where tenant = ${tenant} and topic = ${topic} order by seq desc limit 1) as topicBytes,
    (select log_bytes from events order by id desc limit 1) as logBytes`.execute(trx)
  return { topicBytes: rows[0]?.topicBytes ?? 0, logBytes: rows[0]?.logBytes ?? 0 }
}

async function missedSince(
  db: Kysely<Tables>,
  asked: { tenant: string; topic: Topic; position: { epoch: string; seq: number }; from: ReadFrom | undefined },
): Promise<Missed> {
  const { tenant, topic, position, from } = asked
  if (!from) return { events: [] }
  const { since, epoch } = from
  const ofTopic = db.selectFrom('events').where('tenant', '=', tenant).where('topic', '=', topic)
  const isKnown = epoch === position.epoch || (since === 0 && epoch === undefined)
  if (isKnown && since <= position.seq) {
    const rows = await ofTopic
      .select(['id', 'topic', 'type', 'seq', 'frame'])
      .where('seq', '>', since)
      // Events may have been written since the position was read.
      .where('seq', '<=', position.seq)
      .orderBy('seq')
      .execute()
    if (rows.length === position.seq - since) return { events: rows.map(toLogged) }
  }
  const oldest = await ofTopic.select('seq').orderBy('seq').limit(1).executeTakeFirst()
  return { oldest: oldest?.seq ?? position.seq + 1 }
}

function toLogged({
  id,
  topic,
  type,
  seq,
  frame,
}: Pick<Row<'events'>, 'id' | 'topic' | 'type' | 'seq' | 'frame'>): LoggedEvent {
  return { id, topic: topic as Topic, type: type as EventName, seq, frame }
}
