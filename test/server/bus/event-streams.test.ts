import { join } from 'node:path'
import type { BusEvent } from '@cuewire/server/bus/bus.js'
import { EventStreams } from '@cuewire/server/bus/event-streams.js'
import { LogFollower } from '@cuewire/server/bus/log-follower.js'
import { createMemoryNotices } from '@cuewire/server/bus/memory-notices.js'
import { systemClock } from '@cuewire/server/lib/clock.js'
import type { ServerStore } from '@cuewire/server/storage/server-store.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { testFolder } from '../../support/test-folder.js'

const TENANT = 'acme'
const TOPIC = 'library'
const VIDEO_ID = '01JD7Z0V3N8W6XQ2K4T5R9M1AB'
const RETENTION = { topicEvents: 1000, topicBytes: 1e6, totalBytes: 1e7, ageMs: 1e9 }
const HOUR_MS = 3_600_000
const DELETED = { topic: TOPIC, type: 'video.deleted', data: { videoId: VIDEO_ID } } as const

const seqs = (events: readonly BusEvent[]) => events.map(event => event.seq)
const bodyOf = (event: BusEvent | undefined): unknown => JSON.parse(Buffer.from(event?.frame ?? []).toString())

async function follow(t: Test, store: Pick<ServerStore, 'for' | 'log'>, lookMs = HOUR_MS): Promise<EventStreams> {
  const notices = createMemoryNotices()
  store.log.onAppended(() => notices.send({ kind: 'log' }))
  const streams = new EventStreams({ notices, eventsOf: tenant => store.for(tenant).events, clock: systemClock })
  const logger = { error: (data: object) => t.fail('the log could not be read', data) }
  const follower = new LogFollower({ log: store.log, notices, streams, logger, lookMs })
  await follower.start()
  t.teardown(() => follower.close())
  return streams
}

async function open(t: Test, retention = RETENTION) {
  const store = await openSqliteStore({ file: join(testFolder(t), 'cuewire.db'), retention })
  t.teardown(() => store.close())
  return { store, events: store.for(TENANT).events, streams: await follow(t, store) }
}

/** A listener, and what it has heard. */
function listening() {
  const seen: BusEvent[] = []
  let told: () => void = () => undefined
  return {
    seen,
    hear: (event: BusEvent) => {
      seen.push(event)
      told()
    },
    until: async (count: number) => {
      // The follower's own timer keeps no process alive.
      const alive = setInterval(() => undefined, HOUR_MS)
      while (seen.length < count)
        await new Promise<void>(resolve => {
          told = resolve
        })
      clearInterval(alive)
      return seen
    },
  }
}

t.test('what is written is heard, in order, by those of its tenant who follow its topic', async t => {
  const { store, events, streams } = await open(t)
  const [own, other, elsewhere] = [listening(), listening(), listening()]
  await streams.for(TENANT).subscribe(TOPIC, own.hear)
  await streams.for('other').subscribe(TOPIC, other.hear)
  await streams.for(TENANT).subscribe(`video/${VIDEO_ID}`, elsewhere.hear)
  await events.append([DELETED, { ...DELETED, topic: `video/${VIDEO_ID}` }, DELETED])
  await store.for('other').events.append([DELETED])
  t.same(seqs(await own.until(2)), [1, 2])
  t.match(bodyOf(own.seen[1]), { type: 'video.deleted', topic: TOPIC, seq: 2, data: { videoId: VIDEO_ID } })
  t.same(seqs(await other.until(1)), [1])
  t.same(seqs(await elsewhere.until(1)), [1])
})

t.test('what is rolled back is never heard', async t => {
  const { store, events, streams } = await open(t)
  const own = listening()
  await streams.for(TENANT).subscribe(TOPIC, own.hear)
  const broken = store.for(TENANT).atomically(async changes => {
    await changes.events.append([DELETED])
    throw new Error('no')
  })
  await t.rejects(broken, { message: 'no' })
  await events.append([{ ...DELETED, data: { videoId: `${VIDEO_ID.slice(0, -1)}C` } }])
  t.match(bodyOf((await own.until(1))[0]), { seq: 1, data: { videoId: /C$/ } })
})

t.test('a latest event has a key and no number, and is not replayed', async t => {
  const { streams } = await open(t)
  const bus = streams.for(TENANT)
  const own = listening()
  await bus.subscribe(`video/${VIDEO_ID}`, own.hear)
  bus.publish(`video/${VIDEO_ID}`, 'content.timeline', { videoId: VIDEO_ID, lanes: [] })
  t.match(own.seen, [{ seq: undefined, key: /content\.timeline/, delivery: 'latest' }])
  const late = await bus.subscribe(`video/${VIDEO_ID}`, own.hear, { since: 0, epoch: undefined })
  t.match(late, { recovery: { status: 'current' }, position: { seq: 0 } })
})

t.test('what another process writes is found without a notice', async t => {
  const { store } = await open(t)
  const deaf = { ...store, log: { ...store.log, onAppended: () => undefined } }
  const own = listening()
  await (await follow(t, deaf, 5)).for(TENANT).subscribe(TOPIC, own.hear)
  await store.for(TENANT).events.append([DELETED])
  t.same(seqs(await own.until(1)), [1])
})

t.test('a topic resumes after the store was closed and opened again', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const first = await openSqliteStore({ file })
  await first.for(TENANT).events.append([DELETED, DELETED])
  const { position } = await first.for(TENANT).events.read(TOPIC)
  await first.close()
  const second = await openSqliteStore({ file })
  t.teardown(() => second.close())
  const bus = (await follow(t, second)).for(TENANT)
  const own = listening()
  const resumed = await bus.subscribe(TOPIC, own.hear, { since: 1, epoch: position.epoch })
  t.match(resumed, { position, recovery: { status: 'replayed', events: [{ seq: 2 }] } })
  await second.for(TENANT).events.append([DELETED])
  t.same(seqs(await own.until(1)), [3])
})

/** One that resumes takes what was missed before what came since, as sessions do. */
class Resumer {
  seen: number[] = []
  #epoch: string | undefined
  #leave: (() => void) | undefined

  constructor(private readonly bus: ReturnType<EventStreams['for']>) {}

  async resume(): Promise<void> {
    if (this.#leave) return
    const held: BusEvent[] = []
    let isLive = false
    const take = (event: BusEvent) => void this.seen.push(event.seq ?? Number.NaN)
    const hear = (event: BusEvent) => (isLive ? take(event) : void held.push(event))
    const from = { since: this.seen.at(-1) ?? 0, epoch: this.#epoch }
    const { position, recovery, unsubscribe } = await this.bus.subscribe(TOPIC, hear, from)
    this.#epoch = position.epoch
    this.#leave = unsubscribe
    if (recovery.status === 'replayed') recovery.events.forEach(take)
    if (recovery.status === 'gap') this.seen = [position.seq]
    held.forEach(take)
    isLive = true
  }

  leave(): void {
    this.#leave?.()
    this.#leave = undefined
  }
}

t.test('any interleaving of writing, leaving and resuming gives each event once, in order, or says gap', async t => {
  const { store, streams } = await open(t, { ...RETENTION, topicEvents: 5 })
  const step = fc.oneof(fc.constant('write' as const), fc.constant('leave' as const), fc.constant('resume' as const))
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
      const tenant = `run-${++run}`
      const client = new Resumer(streams.for(tenant))
      const writes: Promise<void>[] = []
      for (const name of [...steps, 'leave' as const, 'resume' as const]) {
        // Not awaited, so that subscribing and writing overlap.
        if (name === 'write') writes.push(store.for(tenant).events.append([DELETED]))
        else if (name === 'leave') client.leave()
        else await client.resume()
      }
      await Promise.all(writes)
      while ((client.seen.at(-1) ?? 0) < writes.length) await new Promise(resolve => setImmediate(resolve))
      client.leave()
      const first = client.seen[0] ?? 1
      t.same(
        client.seen,
        Array.from({ length: Math.max(0, writes.length - first + 1) }, (_, i) => first + i),
      )
    }),
    { numRuns: 100 },
  )
})
