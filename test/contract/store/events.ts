import type { EventStore } from '@cuewire/server/storage/event-log.js'
import type { ServerStore } from '@cuewire/server/storage/server-store.js'
import type { Test } from 'tap'
import { FakeClock } from '../../support/fake-clock.js'

interface Limits {
  readonly topicEvents: number
  readonly topicBytes: number
  readonly totalBytes: number
  readonly ageMs: number
}

/** Gives a test an empty store of its own that keeps so much of its log. */
export type LoggingStoreFactory = (t: Test, retention: Limits, clock: FakeClock) => Promise<ServerStore>

const TENANT = 'acme'
const TOPIC = 'library'
const VIDEO_ID = '01JD7Z0V3N8W6XQ2K4T5R9M1AB'
const MUCH: Limits = { topicEvents: 1000, topicBytes: 1e6, totalBytes: 1e7, ageMs: 1e9 }
const DELETED = { topic: TOPIC, type: 'video.deleted', data: { videoId: VIDEO_ID } } as const

async function append(events: EventStore, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await events.append([DELETED])
}

/** What every log of events must do. */
export async function eventContract(t: Test, open: LoggingStoreFactory): Promise<void> {
  t.test('a topic without events is at position 0 and has missed nothing', async t => {
    const { events } = (await open(t, MUCH, new FakeClock())).for(TENANT)
    t.match(await events.read(TOPIC, { since: 0, epoch: undefined }), { position: { seq: 0 }, missed: { events: [] } })
  })

  t.test('events are numbered from 1 in each topic, and over all tenants in the order of the log', async t => {
    const store = await open(t, MUCH, new FakeClock(Date.UTC(2026, 10, 23)))
    await store.for(TENANT).events.append([DELETED, { ...DELETED, topic: `video/${VIDEO_ID}` }, DELETED])
    await store.for('other').events.append([DELETED])
    const log = await store.log.after(0, 10)
    t.strictSame(log.map(({ tenant, topic, seq }) => `${tenant} ${topic} ${seq}`).sort(), [
      'acme library 1',
      'acme library 2',
      `acme video/${VIDEO_ID} 1`,
      'other library 1',
    ])
    t.ok(log.every(({ id }, at) => id > (log[at - 1]?.id ?? 0)))
    t.equal(await store.log.newest(), log.at(-1)?.id)
    t.strictSame((await store.log.after(log[0]?.id ?? 0, 2)).length, 2)
    t.match(JSON.parse(Buffer.from(log.at(-1)?.frame ?? []).toString()), {
      type: 'video.deleted',
      topic: TOPIC,
      seq: 1,
      at: '2026-11-23T00:00:00.000Z',
      data: { videoId: VIDEO_ID },
    })
  })

  t.test('another epoch, a position of the future or one without epoch is a gap', async t => {
    const { events } = (await open(t, MUCH, new FakeClock())).for(TENANT)
    await append(events, 1)
    const { epoch } = (await events.read(TOPIC)).position
    for (const from of [
      { since: 1, epoch: 'other' },
      { since: 2, epoch },
      { since: 1, epoch: undefined },
      { since: 0, epoch: 'other' },
    ]) {
      t.strictSame((await events.read(TOPIC, from)).missed, { oldest: 1 }, JSON.stringify(from))
    }
    t.match(await events.read(TOPIC, { since: 0, epoch }), { missed: { events: [{ seq: 1 }] } })
  })

  t.test('events and changes of a transaction are kept together, or none of them', async t => {
    const store = await open(t, MUCH, new FakeClock())
    const own = store.for(TENANT)
    let told = 0
    store.log.onAppended(() => told++)
    const chat = {
      id: '01JD7Z0V3N8W6XQ2K4T5R9M1CH',
      title: 'Boats',
      videoIds: [],
      createdAt: '2026-11-23T00:00:00.000Z',
      updatedAt: '2026-11-23T00:00:00.000Z',
    }
    const write = (fails: boolean) =>
      own.atomically(async changes => {
        await changes.chats.insert(chat)
        await changes.atomically(inner => inner.events.append([DELETED]))
        if (fails) throw new Error('no')
      })
    await t.rejects(write(true), { message: 'no' })
    t.equal(told, 0)
    t.strictSame([await own.chats.has(chat.id), (await own.events.read(TOPIC)).position.seq], [false, 0])
    await write(false)
    t.equal(told, 1, 'once, after all of it is kept')
    t.strictSame([await own.chats.has(chat.id), (await own.events.read(TOPIC)).position.seq], [true, 1])
  })

  t.test('a topic keeps its newest so many events, and so many bytes of them', async t => {
    for (const limits of [
      { ...MUCH, topicEvents: 2 },
      { ...MUCH, topicBytes: 300 },
    ]) {
      const { events } = (await open(t, limits, new FakeClock())).for(TENANT)
      await append(events, 5)
      const { missed, position } = await events.read(TOPIC, { since: 0, epoch: undefined })
      t.match(missed, { oldest: 4 }, JSON.stringify(limits))
      t.match((await events.read(TOPIC, { since: 3, epoch: position.epoch })).missed, {
        events: [{ seq: 4 }, { seq: 5 }],
      })
    }
  })

  t.test('on a clock that was set back, a topic never loses events in its middle', async t => {
    const clock = new FakeClock()
    const store = await open(t, { ...MUCH, ageMs: 100 }, clock)
    const { events } = store.for(TENANT)
    await append(events, 2)
    clock.jump(-1000)
    await append(events, 2)
    clock.jump(500)
    await store.log.trim()
    const { epoch } = (await events.read(TOPIC)).position
    t.match((await events.read(TOPIC, { since: 1, epoch })).missed, { events: [{ seq: 2 }, { seq: 3 }, { seq: 4 }] })
    clock.jump(700)
    await append(events, 1)
    await store.log.trim()
    t.match((await events.read(TOPIC, { since: 1, epoch })).missed, { oldest: 5 })
  })

  t.test('what is too old, or too much for all topics together, is dropped; positions stay', async t => {
    for (const limits of [
      { ...MUCH, ageMs: 100 },
      { ...MUCH, totalBytes: 300 },
    ]) {
      const clock = new FakeClock(Date.UTC(2026, 10, 23))
      const store = await open(t, limits, clock)
      const [quiet, busy] = [store.for('quiet').events, store.for(TENANT).events]
      await append(quiet, 2)
      clock.jump(101)
      await append(busy, 2)
      await store.log.trim()
      t.match((await quiet.read(TOPIC, { since: 1, epoch: (await quiet.read(TOPIC)).position.epoch })).missed, {
        oldest: 3,
      })
      t.match(await busy.read(TOPIC, { since: 0, epoch: undefined }), { missed: { events: [{ seq: 1 }, { seq: 2 }] } })
      await append(quiet, 1)
      t.equal((await quiet.read(TOPIC)).position.seq, 3)
    }
  })
}
