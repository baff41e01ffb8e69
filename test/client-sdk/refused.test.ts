import { once } from 'node:events'
import { type ClientState, type ConnectOptions, connect } from '@cuewire/client'
import { COMMANDS } from '@cuewire/protocol'
import { deferred } from '@cuewire/server/lib/deferred.js'
import t from 'tap'
import { connected } from '../support/client.js'
import type { Command, FakeConnection, FakeServer } from '../support/fake-server.js'
import { startServer } from '../support/server.js'

const CREATED = COMMANDS['chat.create'].example.result
const VIDEO_ID = '01JD7Z0V3N8W6XQ2K4T5R9M1AB'

interface Refusal {
  readonly code: string
  readonly retryable?: boolean
  readonly retryAfterMs?: number
}

const soon: Refusal = { code: 'limit.rate', retryable: true, retryAfterMs: 10 }

/** Refuses the first `times` commands of a type, then replies. */
function refuse(server: FakeServer, type: string, times: number, { code, ...more }: Refusal = soon): void {
  let refused = 0
  server.on(type, (command, connection) => {
    if (refused++ >= times) return type === 'chat.create' ? CREATED : {}
    connection.error(command, code, more)
    return undefined
  })
}

t.test('a refused command is sent again after the time the server names, with the same key', async t => {
  for (const code of ['limit.rate', 'queue.full', 'something.newer']) {
    const { server, client } = await connected(t)
    const at: number[] = []
    refuse(server, 'chat.create', 2, { ...soon, code, retryAfterMs: 60 })
    const received = server.until(() => {
      if (server.commands('chat.create').length > at.length) at.push(performance.now())
      return at.length === 3
    })
    t.same(await client.chat.create({ title: 'boats' }), CREATED)
    await received
    const [first, ...again] = server.commands('chat.create')
    t.ok(first?.key)
    t.same(again, [first, first], code)
    // Timers may be a hair early.
    t.ok((at[2] ?? 0) - (at[0] ?? 0) >= 118, `${code}: not before its time`)
  }
})

t.test('the caller gets the refusal after maxRetries, and at once with none', async t => {
  const attempts = async (options: Partial<ConnectOptions>, maxRetries?: number) => {
    const { server, client } = await connected(t, options)
    refuse(server, 'video.get', 100, { code: 'queue.full', retryable: true, retryAfterMs: 1 })
    const command = client.video.get({ videoId: VIDEO_ID }, maxRetries === undefined ? {} : { maxRetries })
    await t.rejects(command, { name: 'RemoteError', code: 'queue.full', retryAfterMs: 1 })
    return server.commands('video.get').length
  }
  t.equal(await attempts({}), 4)
  t.equal(await attempts({ maxRetries: 2 }), 3)
  t.equal(await attempts({ maxRetries: 0 }), 1)
  t.equal(await attempts({ maxRetries: 2 }, 1), 2, 'a command may have its own number')
  await t.rejects(attempts({ maxRetries: -1 }), { message: /maxRetries must be/ })
})

t.test('limit.rate is not counted: it is waited out as long as the command has time', async t => {
  const { server, client } = await connected(t)
  refuse(server, 'chat.create', 6, { ...soon, retryAfterMs: 0 })
  t.same(await client.chat.create({}), CREATED)
  refuse(server, 'chat.create', 1000, { ...soon, retryAfterMs: 100 })
  await t.rejects(client.chat.create({}, { timeoutMs: 500 }), { name: 'RemoteError', code: 'limit.rate' })
  refuse(server, 'chat.create', 1)
  await t.rejects(client.chat.create({}, { maxRetries: 0 }), { name: 'RemoteError', code: 'limit.rate' })
})

t.test('a refusal that names no time, or does not pass, is not repeated', async t => {
  const { server, client } = await connected(t)
  for (const refusal of [
    { code: 'video.busy', retryable: true },
    { code: 'video.not_found', retryAfterMs: 1 },
  ]) {
    refuse(server, 'video.get', 1, refusal)
    const before = server.commands('video.get').length
    await t.rejects(client.video.get({ videoId: VIDEO_ID }), { code: refusal.code })
    t.equal(server.commands('video.get').length, before + 1)
  }
})

t.test('a wait that would outlast the command is not begun, and an abort ends one', async t => {
  const { server, client } = await connected(t)
  refuse(server, 'video.get', 2, { code: 'queue.full', retryable: true, retryAfterMs: 20_000 })
  await t.rejects(client.video.get({ videoId: VIDEO_ID }, { timeoutMs: 10_000 }), { code: 'queue.full' })
  const controller = new AbortController()
  const waiting = client.video.get({ videoId: VIDEO_ID }, { signal: controller.signal })
  await server.until(() => server.commands('video.get').length === 2)
  await client.command('ping')
  const reason = new Error('no longer needed')
  controller.abort(reason)
  await t.rejects(waiting, reason)
  refuse(server, 'video.get', 1, { code: 'queue.full', retryable: true, retryAfterMs: 20_000 })
  const closed = client.video.get({ videoId: VIDEO_ID })
  await server.until(() => server.commands('video.get').length === 3)
  await Promise.all([client.close(), t.rejects(closed, { name: 'ConnectionError' })])
})

t.test('after limit.rate everything waits, then goes in order, one first', async t => {
  const { server, client } = await connected(t)
  server.hello.limits = { ...server.hello.limits, inFlight: 4 }
  server.connection.cut()
  await server.until(() => server.connections.length === 2)
  const sent: unknown[] = []
  const answers: (() => void)[] = []
  let refused = 0
  server.on('video.get', (command, connection) => {
    sent.push(command.data['videoId'])
    if (++refused > 3) answers.push(() => connection.reply(command, {}))
    else connection.error(command, 'limit.rate', { retryable: true, retryAfterMs: 20 })
  })
  const commands = ['A', 'B', 'C', 'D', 'E'].map(videoId => client.video.get({ videoId }))
  await server.until(() => sent.length === 4)
  t.same(sent, ['A', 'B', 'C', 'A'], 'those that waited did not overtake')
  answers[0]?.()
  await server.until(() => sent.length === 6)
  t.same(sent.slice(4), ['B', 'C'], 'the reply makes room for two')
  answers[1]?.()
  await server.until(() => sent.length === 8)
  t.same(sent.slice(6), ['D', 'E'])
  for (const answer of answers.slice(2)) answer()
  await Promise.all(commands)
})

t.test('after limit.rate nothing waits for a slow command that is under way', async t => {
  const { server, client } = await connected(t)
  const slow = client.video.get({ videoId: VIDEO_ID })
  await server.until(() => server.commands('video.get').length === 1)
  refuse(server, 'chat.create', 1)
  t.same(await client.chat.create({}), CREATED)
  for (const command of server.commands('video.get')) server.connection.reply(command, {})
  await slow
})

t.test('a command that waits for its own reason holds up no other', async t => {
  const { server, client } = await connected(t)
  refuse(server, 'chat.create', 1, { code: 'queue.full', retryable: true, retryAfterMs: 10_000 })
  const waiting = client.chat.create({})
  await server.until(() => server.commands('chat.create').length === 1)
  t.ok(await client.command('ping'))
  await Promise.all([client.close(), t.rejects(waiting, { name: 'ConnectionError' })])
})

t.test('what a server that shuts down refuses is sent on the next connection, and callers see success', async t => {
  const { server, client } = await connected(t)
  const first = server.connection
  const underWay: Command[] = []
  const onFirst = (answer: (command: Command, connection: FakeConnection) => void, result: unknown) => {
    return (command: Command, connection: FakeConnection) =>
      connection === first ? answer(command, connection) : result
  }
  server.on(
    'video.get',
    onFirst(command => void underWay.push(command), { video: 'from the second' }),
  )
  const refusal = { retryable: true, retryAfterMs: 60_000 }
  server.on(
    'chat.create',
    onFirst((command, connection) => connection.error(command, 'server.draining', refusal), CREATED),
  )
  const slow = client.video.get({ videoId: VIDEO_ID })
  await server.until(() => underWay.length === 1)
  const refused = client.chat.create({ title: 'boats' })
  await server.until(() => server.commands('chat.create').length === 1)
  for (const command of underWay) first.reply(command, { video: 'from the first' })
  t.same(await slow, { video: 'from the first' }, 'the dying connection still answers')
  const later = client.video.list()
  server.on('video.list', () => ({ videos: [] }))
  first.event('goodbye', { code: 4100, reason: 'server is shutting down', reconnectAfterMs: 1 })
  first.close(4100)
  t.same(await refused, CREATED)
  t.same(await later, { videos: [] })
  const [before, after] = server.commands('chat.create')
  t.ok(before?.key)
  t.same(after, before)
  t.same(
    first.received.map(({ type }) => type),
    ['video.get', 'chat.create'],
    'nothing new was sent on it',
  )
})

t.test('after goodbye nothing is sent on the connection, even while it is open', async t => {
  const { promise: goodbyeRead, resolve: onLagging } = deferred<unknown>()
  const { server, client } = await connected(t, { onLagging })
  const first = server.connection
  first.event('goodbye', { code: 4100, reason: 'server is shutting down', reconnectAfterMs: 1 })
  first.event('lagging', {})
  await goodbyeRead
  const later = client.command('ping')
  first.close(4100)
  t.ok(await later)
  t.same(first.received, [])
})

t.test('with maxRetries 0 a refusal of a server that shuts down is thrown, and later commands still wait', async t => {
  const { server, client } = await connected(t, { maxRetries: 0 })
  refuse(server, 'chat.create', 1, { code: 'server.draining', retryable: true })
  await t.rejects(client.chat.create({}), { code: 'server.draining', retryable: true })
  const later = client.chat.create({})
  server.connection.close(4100)
  t.same(await later, CREATED)
  t.equal(server.connection.received.length, 1)
})

t.test('a command that is given up keeps its place in flight until the server has answered it', async t => {
  const { server, client } = await connected(t)
  server.hello.limits = { ...server.hello.limits, inFlight: 3 }
  server.connection.cut()
  await server.until(() => server.connections.length === 2)
  const commands: Command[] = []
  server.on('video.get', command => void commands.push(command))
  const given = ['A', 'B'].map(videoId => client.video.get({ videoId }, { timeoutMs: 50 }))
  for (const result of await Promise.allSettled(given)) t.match(result, { reason: { name: 'TimeoutError' } })
  const next = client.video.get({ videoId: 'C' })
  // The pong comes after whatever was sent before it.
  const pong = once(server.connection.socket, 'pong')
  server.connection.socket.ping()
  await pong
  t.equal(commands.length, 2)
  const [late] = commands
  if (late) server.connection.reply(late, {})
  await server.until(() => commands.length === 3)
  t.match(commands[2], { data: { videoId: 'C' } })
  if (commands[2]) server.connection.reply(commands[2], {})
  await next
})

t.test('a real server: far more commands than its rate allows all succeed, each carried out once', async t => {
  const { port } = await startServer(t, { CUEWIRE_COMMANDS_PER_SECOND: '40', CUEWIRE_COMMAND_BURST: '100' })
  const states: ClientState['status'][] = []
  const url = `ws://127.0.0.1:${port}`
  const client = await connect({ url, onState: ({ status }) => states.push(status) })
  t.teardown(() => client.close())
  const titles = Array.from({ length: 100 }, (_, i) => `chat ${i}`)
  const created = await Promise.all(
    titles.flatMap(title => [client.chat.create({ title }), client.chat.list({ limit: 1 })]),
  )
  t.equal(created.length, 200)
  const { errors } = await client.admin.stats()
  t.ok(Number(errors['limit.rate']) > 0, `${errors['limit.rate']} refusals`)
  t.equal(errors['limit.in_flight'] ?? 0, 0)
  const { chats } = await client.chat.list({ limit: 200 })
  t.same(new Set(chats.map(({ title }) => title)), new Set(titles))
  t.equal(chats.length, titles.length)
  t.same(states, ['open'])
})
