import type { ClientState, ConnectOptions } from '@cuewire/client'
import t from 'tap'
import { connected } from '../support/client.js'

type Reconnecting = Extract<ClientState, { status: 'reconnecting' }>

async function watched(t: Parameters<typeof connected>[0], options: Partial<ConnectOptions> = {}) {
  const states: ClientState[] = []
  const waiting: (() => void)[] = []
  const onState = (state: ClientState) => {
    states.push(state)
    for (const resolve of waiting.splice(0)) resolve()
  }
  /** Resolves with the n-th state of a kind. */
  const state = async <S extends ClientState['status']>(status: S, number = 1) => {
    for (;;) {
      const found = states.filter(state => state.status === status)[number - 1]
      if (found) return found as Extract<ClientState, { status: S }>
      await new Promise<void>(resolve => waiting.push(resolve))
    }
  }
  return { ...(await connected(t, { onState, ...options })), states, state }
}

t.test('a fatal close code closes the client for good', async t => {
  const { server, client, state } = await watched(t)
  server.connection.close(4000, 'too many faulty frames')
  const { error } = await state('closed')
  t.match(error, { name: 'ConnectionError', retryable: false, message: /code 4000: too many faulty frames/ })
  await t.rejects(client.command('ping'), { name: 'ConnectionError', message: /4000/ })
  t.equal(server.connections.length, 1)
})

t.test('reconnect-now comes back at once, but only once in a row', async t => {
  const { server, state } = await watched(t, { reconnect: { baseMs: 1_000_000, capMs: 1_000_000 } })
  server.connection.close(4200, 'too slow')
  t.equal((await state('reconnecting')).delayMs, 0)
  await state('open', 2)
  server.connection.close(4200, 'too slow')
  t.ok((await state('reconnecting', 2)).delayMs > 0)
})

t.test('the delay of goodbye is kept', async t => {
  const { server, state } = await watched(t)
  server.connection.event('goodbye', { code: 4100, reason: 'server is shutting down', reconnectAfterMs: 31 })
  server.connection.close(4100)
  const { delayMs, cause } = await state('reconnecting')
  t.equal(delayMs, 31)
  t.match(cause.message, /4100: server is shutting down/)
  await state('open', 2)
})

t.test('a goodbye whose close frame is lost still gives the verdict', async t => {
  const { server, state } = await watched(t)
  server.connection.event('goodbye', { code: 4000, reason: 'too many faulty frames' })
  server.connection.socket.once('pong', () => server.connection.cut())
  server.connection.socket.ping()
  t.match((await state('closed')).error?.message, /code 4000/)
})

t.test('failed attempts back off with full jitter up to the cap', async t => {
  const { server, state } = await watched(t, { reconnect: { baseMs: 2, capMs: 8 } })
  server.onConnection = connection => connection.cut()
  server.connection.cut()
  const { attempt } = await state('reconnecting', 20)
  t.equal(attempt, 20)
  const delays: number[] = []
  for (let number = 1; number <= 20; number++) delays.push((await state('reconnecting', number)).delayMs)
  for (const [index, delayMs] of delays.entries()) t.ok(delayMs <= Math.min(8, 2 * 1.5 ** index), `delay ${index + 1}`)
  t.ok(new Set(delays).size > 10, 'they differ')
  server.onConnection = connection => connection.event('hello', server.hello)
  await state('open', 2)
})

t.test('after maxAttempts the client gives up and says why', async t => {
  const { server, client, state } = await watched(t, { reconnect: { baseMs: 1, capMs: 1, maxAttempts: 3 } })
  server.onConnection = connection => connection.cut()
  server.connection.cut()
  t.match((await state('closed')).error, { retryable: false, message: /the client is closed: cannot connect/ })
  t.equal(server.connections.length, 4)
  await t.rejects(client.command('ping'), { name: 'ConnectionError' })
  await t.rejects(client.subscribe('library').next(), { name: 'ConnectionError' })
})

t.test('a frame the client cannot read ends the connection, not the client', async t => {
  const bad: [string | Buffer, RegExp][] = [
    ['not json', /not JSON/],
    ['[]', /not an object/],
    ['{"type":"reply","id":1}', /reply without data/],
    ['{"type":"error","id":1,"error":{"code":5}}', /error without code/],
    ['{"type":"error","id":1,"error":{"code":"x","message":"y","details":[1]}}', /details/],
    ['{"type":7}', /type is not a string/],
    ['{"type":"a.b","at":"now","seq":-1,"data":{}}', /seq/],
    ['{"type":"a.b","at":"now"}', /event without data/],
    [Buffer.from('{}'), /binary/],
  ]
  const { server, client, state } = await watched(t)
  for (const [index, [frame, fault]] of bad.entries()) {
    server.on('video.list', (_, connection) => connection.raw(frame))
    await t.rejects(client.video.list(), { name: 'ConnectionError', retryable: true, message: fault }, String(frame))
    await state('open', index + 2)
  }
  t.ok(await client.command('ping'))
})

t.test('events of types this client does not know, and replies nobody asked for, do no harm', async t => {
  const { server, client } = await watched(t)
  server.connection.event('future.thing', { new: true }, { topic: 'library' })
  server.connection.send({ type: 'reply', id: 999, data: {} })
  server.connection.send({ type: 'reply', data: {} })
  t.ok(await client.command('ping'))
  t.equal(server.connections.length, 1)
})

t.test('heartbeats keep an idle connection, and a silent server is left', async t => {
  const { server, state } = await watched(t)
  server.hello.heartbeatMs = 20
  server.connection.cut()
  await state('open', 2)
  const { connection } = server
  await server.until(() => connection.received.filter(({ type }) => type === 'ping').length >= 3)
  t.equal(server.connections.length, 2, 'answered heartbeats keep it')
  server.on('ping', () => undefined)
  const { cause }: Reconnecting = await state('reconnecting', 2)
  t.match(cause.message, /stopped answering heartbeats/)
  await server.until(() => connection.socket.readyState === 3)
})

t.test('lagging is told', async t => {
  const told: unknown[] = []
  const { server, client } = await watched(t, { onLagging: data => told.push(data) })
  server.connection.event('lagging', { queuedBytes: 1, droppedVolatile: 2, coalescedLatest: 3 })
  await client.command('ping')
  t.same(told, [{ queuedBytes: 1, droppedVolatile: 2, coalescedLatest: 3 }])
})

t.test('close while waiting to reconnect ends at once', async t => {
  const { server, client, state, states } = await watched(t, { reconnect: { baseMs: 1e6, capMs: 1e6 } })
  server.connection.close(4100)
  await state('reconnecting')
  const waiting = client.command('ping')
  await Promise.all([client.close(), t.rejects(waiting, { name: 'ConnectionError' })])
  await state('closed')
  t.same(states.at(-1), { status: 'closed' })
})
