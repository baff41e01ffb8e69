import type { BusEvent } from '@cuewire/server/bus/bus.js'
import { createInProcessBus } from '@cuewire/server/bus/in-process.js'
import fc from 'fast-check'
import t from 'tap'
import { FakeClock } from '../../support/fake-clock.js'

const TOPIC = 'library'
const VIDEO_ID = '01JD7Z0V3N8W6XQ2K4T5R9M1AB'
const LIMITS = { count: 1000, bytes: 1_000_000, ageMs: 1_000_000 }
const HOUR_MS = 3_600_000
const none = () => undefined

const seqs = (events: readonly BusEvent[]) => events.map(event => event.seq)

t.test('reliable events are numbered from 1 in each topic', async t => {
  const bus = createInProcessBus({ history: LIMITS })
  const seen: BusEvent[] = []
  await bus.subscribe(TOPIC, event => void seen.push(event))
  bus.publish(TOPIC, 'video.deleted', { videoId: VIDEO_ID })
  bus.publish(`video/${VIDEO_ID}`, 'video.deleted', { videoId: VIDEO_ID })
  bus.publish(TOPIC, 'video.deleted', { videoId: VIDEO_ID })
  t.same(seqs(seen), [1, 2])
  t.match(JSON.parse(Buffer.from(seen[1]?.frame ?? []).toString()), {
    type: 'video.deleted',
    topic: TOPIC,
    seq: 2,
    data: { videoId: VIDEO_ID },
  })
})

t.test('a latest event has a key and no number, and is not replayed', async t => {
  const bus = createInProcessBus({ history: LIMITS })
  const seen: BusEvent[] = []
  await bus.subscribe(`video/${VIDEO_ID}`, event => void seen.push(event))
  bus.publish(`video/${VIDEO_ID}`, 'content.timeline', { videoId: VIDEO_ID, lanes: [] })
  t.equal(seen[0]?.seq, undefined)
  t.ok(seen[0]?.key)
  const late = await bus.subscribe(`video/${VIDEO_ID}`, none, { since: 0, epoch: undefined })
  t.same(late.recovery, { status: 'current' })
})

t.test('a topic without events is at position 0 and has missed nothing', async t => {
  const bus = createInProcessBus({ history: LIMITS })
  const { position, recovery } = await bus.subscribe(TOPIC, none, { since: 0, epoch: undefined })
  t.equal(position.seq, 0)
  t.same(recovery, { status: 'current' })
})

t.test('another epoch, a position of the future or one without epoch is a gap', async t => {
  const bus = createInProcessBus({ history: LIMITS })
  bus.publish(TOPIC, 'video.deleted', { videoId: VIDEO_ID })
  const { position } = await bus.subscribe(TOPIC, none)
  for (const from of [
    { since: 1, epoch: 'other' },
    { since: 2, epoch: position.epoch },
    { since: 1, epoch: undefined },
  ]) {
    t.equal((await bus.subscribe(TOPIC, none, from)).recovery.status, 'gap', JSON.stringify(from))
  }
})

t.test('what is over the count, the bytes or the age is forgotten, and resuming before it is a gap', async t => {
  for (const limits of [
    { ...LIMITS, count: 2 },
    { ...LIMITS, bytes: 300 },
    { ...LIMITS, ageMs: 25 },
  ]) {
    const clock = new FakeClock()
    const bus = createInProcessBus({ history: limits, clock })
    for (let i = 0; i < 4; i++) {
      clock.pass(10)
      bus.publish(TOPIC, 'video.deleted', { videoId: VIDEO_ID })
    }
    const { recovery, position } = await bus.subscribe(TOPIC, none, { since: 0, epoch: undefined })
    t.equal(recovery.status, 'gap', JSON.stringify(limits))
    const oldest = recovery.status === 'gap' ? recovery.oldest : 0
    t.ok(oldest > 1 && oldest <= 4)
    const resumed = await bus.subscribe(TOPIC, none, { since: oldest - 1, epoch: position.epoch })
    t.equal(resumed.recovery.status, 'replayed')
  }
})

t.test('a quiet topic lets go of what is too old, then of everything, when nobody listens', async t => {
  const clock = new FakeClock()
  const bus = createInProcessBus({ history: { ...LIMITS, ageMs: 100 }, forgetMs: 1000, clock })
  bus.publish(TOPIC, 'video.deleted', { videoId: VIDEO_ID })
  const listening = await bus.subscribe(TOPIC, none)
  const { epoch } = listening.position
  t.ok(bus.bytes > 0)
  clock.jump(-HOUR_MS)
  clock.pass(101)
  bus.sweep()
  t.equal(bus.bytes, 0)
  const resume = async () => bus.subscribe(TOPIC, none, { since: 1, epoch })
  t.same((await resume()).recovery, { status: 'current' }, 'its position is kept')
  clock.pass(4899)
  bus.sweep()
  t.equal((await resume()).recovery.status, 'current', 'while someone listens')
})

t.test('a topic that nobody used for long begins a new epoch', async t => {
  const clock = new FakeClock()
  const bus = createInProcessBus({ history: LIMITS, forgetMs: 1000, clock })
  const visit = async () => {
    const { position, unsubscribe } = await bus.subscribe(TOPIC, none)
    unsubscribe()
    return position.epoch
  }
  const epoch = await visit()
  clock.pass(1000)
  clock.jump(HOUR_MS)
  bus.sweep()
  t.equal(await visit(), epoch, 'not yet')
  clock.pass(1001)
  bus.sweep()
  t.not(await visit(), epoch)
})

t.test('all topics together keep so many bytes; the one that was quiet for longest gives way', async t => {
  const bus = createInProcessBus({ history: LIMITS, totalBytes: 2000 })
  const topics = Array.from({ length: 50 }, (_, i) => `video/${String(i).padStart(26, '0')}` as const)
  for (const topic of topics) {
    bus.publish(topic, 'video.deleted', { videoId: VIDEO_ID })
    t.ok(bus.bytes <= 2000)
  }
  t.ok(bus.bytes > 1500)
  const statuses = await Promise.all(
    topics.map(async topic => (await bus.subscribe(topic, none, { since: 0, epoch: undefined })).recovery.status),
  )
  const firstKept = statuses.indexOf('replayed')
  t.ok(firstKept > 10 && firstKept < 45)
  t.same(statuses, [...Array(firstKept).fill('gap'), ...Array(50 - firstKept).fill('replayed')])
})

t.test('any interleaving of publishing, leaving and resuming gives each event once, in order, or says gap', async t => {
  const step = fc.oneof(fc.constant('publish' as const), fc.constant('leave' as const), fc.constant('resume' as const))
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), async (steps, count) => {
      const bus = createInProcessBus({ history: { ...LIMITS, count } })
      let seen: number[] = []
      let published = 0
      let epoch: string | undefined
      let leave: (() => void) | undefined
      const take = (event: BusEvent) => void seen.push(event.seq ?? Number.NaN)
      const resume = async () => {
        const last = seen.at(-1) ?? 0
        const subscription = await bus.subscribe(TOPIC, take, { since: last, epoch })
        epoch = subscription.position.epoch
        leave = subscription.unsubscribe
        const { recovery } = subscription
        if (recovery.status === 'replayed') recovery.events.forEach(take)
        if (recovery.status === 'gap') seen = published === 0 ? [] : [published]
        t.equal(recovery.status === 'gap', published - last > count, 'a gap only when more was missed than is kept')
      }
      for (const name of [...steps, 'leave' as const, 'resume' as const]) {
        if (name === 'publish') {
          bus.publish(TOPIC, 'video.deleted', { videoId: VIDEO_ID })
          published++
        } else if (name === 'leave') {
          leave?.()
          leave = undefined
        } else if (!leave) {
          await resume()
        }
      }
      const first = seen[0] ?? 1
      t.same(
        seen,
        Array.from({ length: Math.max(0, published - first + 1) }, (_, i) => first + i),
      )
    }),
    { numRuns: 300 },
  )
})
