import type { SubscriptionItem } from '@cuewire/client'
import t from 'tap'
import { connected } from '../support/client.js'
import { FakeTopic } from '../support/fake-topic.js'
import { take } from '../support/items.js'

const TOPIC = 'video/01JD7Z0V3N8W6XQ2K4T5R9M1AB'

/** A client with a topic; `reconnected(n)` resolves when it has come back for the n-th time and subscribed again. */
async function withTopic(t: Parameters<typeof connected>[0]) {
  const { server, client } = await connected(t)
  const topic = new FakeTopic(TOPIC, server)
  const reconnected = (times = 1) => server.until(() => server.commands('subscribe').length === times + 1)
  return { server, client, topic, reconnected }
}

t.test('events come in order, beginning with the next one', async t => {
  const { client, topic } = await withTopic(t)
  topic.publish(3)
  const events = client.subscribe(TOPIC)
  await events.ready()
  t.same(events.position, { epoch: 'e1', seq: 3 })
  topic.publish(2)
  topic.progress({ done: 1 })
  t.same(await take(events, 3), [4, 5, { done: 1 }])
  t.same(events.position, { epoch: 'e1', seq: 5 })
})

t.test('since joins history and live events', async t => {
  const { client, topic } = await withTopic(t)
  topic.publish(3)
  const events = client.subscribe(TOPIC, { since: 0 })
  await events.ready()
  topic.publish(1)
  t.same(await take(events, 4), [1, 2, 3, 4])
})

t.test('history that is no longer kept is a gap, told before anything else', async t => {
  const { client, topic } = await withTopic(t)
  topic.publish(9)
  topic.oldest = 5
  const events = client.subscribe(TOPIC, { since: 2, epoch: 'e1' })
  const { value } = await events.next()
  t.same(value, { type: 'gap', topic: TOPIC, epoch: 'e1', seq: 9, oldest: 5 })
  t.same(events.position, { epoch: 'e1', seq: 9 })
  topic.publish()
  t.same(await take(events, 1), [10])
})

t.test('after a reconnect the missed events are replayed, each once', async t => {
  const { server, client, topic, reconnected } = await withTopic(t)
  const events = client.subscribe(TOPIC, { since: 0 })
  await events.ready()
  topic.publish(2)
  t.same(await take(events, 2), [1, 2])
  server.connection.cut()
  topic.subscribed.clear()
  topic.publish(2)
  await reconnected()
  topic.publish()
  t.same(await take(events, 3), [3, 4, 5])
  t.match(server.commands('subscribe')[1]?.data, { since: 2, epoch: 'e1' })
})

t.test('a replay cut off in the middle goes on after the last event that came, read or not', async t => {
  const { server, client, topic, reconnected } = await withTopic(t)
  topic.publish(10)
  for (const upTo of [3, 7]) topic.cutReplays.push(upTo)
  const events = client.subscribe(TOPIC, { since: 0 })
  await reconnected(2)
  t.same(
    server.commands('subscribe').map(({ data }) => data['since']),
    [0, 3, 7],
    'nothing has been read yet',
  )
  topic.publish()
  t.same(await take(events, 11), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
})

t.test('a restart of the server, which ends the epoch, is a gap', async t => {
  const { server, client, topic, reconnected } = await withTopic(t)
  const events = client.subscribe(TOPIC, { since: 0 })
  await events.ready()
  topic.publish(2)
  server.connection.cut()
  topic.subscribed.clear()
  topic.restart()
  topic.publish(4)
  await reconnected()
  topic.publish()
  t.same(await take(events, 4), [1, 2, 'gap:4', 5])
  t.same(events.position, { epoch: "e1'", seq: 5 })
})

t.test('a hole in the numbers is asked for again, and is a gap when the server leaves it out twice', async t => {
  const { server, client, topic, reconnected } = await withTopic(t)
  const events = client.subscribe(TOPIC, { since: 0 })
  await events.ready()
  topic.publish()
  topic.seq = 3
  topic.deliver(server.connection, 3)
  await reconnected()
  t.same(await take(events, 3), [1, 2, 3], 'the second time it came')
  server.on('subscribe', () => ({ topic: TOPIC, epoch: 'e1', seq: 3, recovery: 'current' }))
  topic.deliver(server.connection, 6)
  await reconnected(2)
  topic.deliver(server.connection, 7)
  topic.deliver(server.connection, 8)
  t.same(await take(events, 3), ['gap:6', 7, 8])
})

t.test('two readers of one topic share the subscription, each from its own place', async t => {
  const { server, client, topic } = await withTopic(t)
  topic.publish(2)
  const live = client.subscribe(TOPIC)
  await live.ready()
  topic.publish(1)
  const all = client.subscribe(TOPIC, { since: 0 })
  await all.ready()
  topic.publish(1)
  t.same(await take(all, 4), [1, 2, 3, 4])
  t.same(await take(live, 2), [3, 4], 'the replay for the other is not repeated here')
  live.close()
  t.equal(server.commands('unsubscribe').length, 0)
  all.close()
  await server.until(() => server.commands('unsubscribe').length === 1)
  t.equal(topic.subscribed.size, 0)
})

t.test('a slow reader gets every reliable event through a small buffer', async t => {
  const { server, client, topic } = await withTopic(t)
  const events = client.subscribe(TOPIC, { since: 0, bufferSize: 4 })
  await events.ready()
  topic.publish(30)
  await client.command('ping')
  t.equal(server.commands('subscribe').length, 1, 'nothing is asked for while the buffer is full')
  t.same(
    await take(events, 30),
    Array.from({ length: 30 }, (_, i) => i + 1),
  )
  t.ok(server.commands('subscribe').length > 1, 'the rest was asked for as it was read')
})

t.test('in a full buffer newer progress replaces older, and reliable events replace progress', async t => {
  const { client, topic } = await withTopic(t)
  const events = client.subscribe(TOPIC, { since: 0, bufferSize: 3 })
  await events.ready()
  topic.publish(1)
  for (const done of [1, 2, 3, 4]) topic.progress({ done })
  topic.publish(1)
  await client.command('ping')
  t.same(await take(events, 3), [1, { done: 4 }, 2])
})

t.test('a topic the server refuses ends the iteration with its error', async t => {
  const { server, client } = await withTopic(t)
  server.on('subscribe', (command, connection) => connection.error(command, 'topic.not_found'))
  const events = client.subscribe(TOPIC)
  await t.rejects(events.ready(), { name: 'RemoteError', code: 'topic.not_found' })
  await t.rejects(events.next(), { name: 'RemoteError', code: 'topic.not_found' })
})

t.test('a refusal that passes is tried again when the server says', async t => {
  const { server, client } = await withTopic(t)
  const topic = new FakeTopic(TOPIC, server)
  let refused = 0
  server.on('subscribe', (command, connection) => {
    if (refused++ === 0) return connection.error(command, 'limit.in_flight', { retryable: true, retryAfterMs: 5 })
    topic.subscribed.add(connection)
    return { topic: TOPIC, epoch: 'e1', seq: 0, recovery: 'current' }
  })
  const events = client.subscribe(TOPIC)
  await events.ready()
  topic.publish()
  t.same(await take(events, 1), [1])
})

t.test('unsubscribe is not sent again: it could end the subscription of the next reader', async t => {
  const { server, client, topic } = await withTopic(t)
  const first = client.subscribe(TOPIC)
  await first.ready()
  server.on('unsubscribe', (command, connection) =>
    connection.error(command, 'limit.rate', { retryable: true, retryAfterMs: 0 }),
  )
  first.close()
  const second = client.subscribe(TOPIC)
  await second.ready()
  await client.command('ping')
  topic.publish()
  t.same(await take(second, 1), [1])
  t.equal(server.commands('unsubscribe').length, 1)
})

t.test('leaving the loop, and an abort, end the subscription on the server', async t => {
  const { server, client, topic } = await withTopic(t)
  topic.publish(1)
  for await (const item of client.subscribe(TOPIC, { since: 0 })) {
    t.equal(item.type, 'transcript.segment')
    break
  }
  await server.until(() => server.commands('unsubscribe').length === 1)
  const controller = new AbortController()
  const events = client.subscribe(TOPIC, { since: 0, signal: controller.signal })
  await events.ready()
  const reason = new Error('left the page')
  controller.abort(reason)
  await t.rejects(events.next(), reason, 'what was buffered is dropped')
  await server.until(() => server.commands('unsubscribe').length === 2)
  t.throws(() => client.subscribe(TOPIC, { signal: controller.signal }), reason)
})

t.test('close ends every iteration, also those that wait', async t => {
  const { client, topic } = await withTopic(t)
  const events = client.subscribe(TOPIC, { since: 0 })
  await events.ready()
  const waiting = [events.next(), events.next()]
  const unconfirmed = client.subscribe('library').ready()
  topic.publish(1)
  const [first] = await Promise.all(waiting.slice(0, 1))
  t.equal(first?.done, false)
  await Promise.all([client.close(), t.rejects(unconfirmed, { message: /library was closed/ })])
  t.same(await waiting[1], { done: true, value: undefined })
  t.same(await events.next(), { done: true, value: undefined })
  await t.rejects(client.subscribe(TOPIC).next(), { name: 'ConnectionError', message: /is closed/ })
})

t.test('a fatal close fails every iteration after what is buffered', async t => {
  const { server, client, topic } = await withTopic(t)
  const events = client.subscribe(TOPIC, { since: 0 })
  await events.ready()
  topic.publish(1)
  server.connection.close(4000, 'too many faulty frames')
  t.same(await take(events, 1), [1])
  await t.rejects(events.next(), { name: 'ConnectionError', retryable: false, message: /too many faulty frames/ })
})

t.test('bad limits are refused by name', async t => {
  const { client } = await withTopic(t)
  t.throws(() => client.subscribe(TOPIC, { bufferSize: 0 }), { message: /bufferSize/ })
  t.throws(() => client.subscribe(TOPIC, { since: -1 }), { message: /since/ })
})

t.test('a gap cannot be overlooked: the compiler asks for it before the data of an item', async t => {
  // @ts-expect-error a gap has no data
  const careless = (item: SubscriptionItem) => item.data
  const careful = (item: SubscriptionItem) => (item.type === 'gap' ? undefined : item.data)
  const gap = { type: 'gap', topic: TOPIC, epoch: 'e1', seq: 1 } as const
  t.same([careless(gap), careful(gap)], [undefined, undefined])
})
