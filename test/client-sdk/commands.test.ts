import { type ClientState, ConnectionError, type RemoteError } from '@cuewire/client'
import { COMMANDS, type CommandName } from '@cuewire/protocol'
import t from 'tap'
import { connected } from '../support/client.js'

const VIDEO_ID = '01JD7Z0V3N8W6XQ2K4T5R9M1AB'

t.test('a command resolves with its result, by name and by method', async t => {
  const { server, client } = await connected(t)
  const { example } = COMMANDS['video.get']
  server.on('video.get', ({ data }) => (data['videoId'] === VIDEO_ID ? example.result : undefined))
  t.same(await client.command('video.get', { videoId: VIDEO_ID }), example.result)
  t.same(await client.video.get({ videoId: VIDEO_ID }), example.result)
})

t.test('every command of the table is a method, and only mutating ones carry an idempotency key', async t => {
  const { server, client } = await connected(t)
  for (const [name, row] of Object.entries(COMMANDS)) {
    if (name === 'subscribe' || name === 'unsubscribe') continue
    server.on(name, () => row.example.result)
    const [namespace = '', method] = name.split('.')
    const owner = (method ? client[namespace as keyof typeof client] : client) as Record<string, unknown>
    const call = method ? owner[method] : (data: never) => client.command(name as 'ping', data)
    t.same(await (call as (data: object) => unknown)(row.example.params), row.example.result, name)
    const [sent] = server.commands(name)
    t.same(sent?.data, row.example.params, `${name} sends its parameters`)
    t.equal(typeof sent?.key, row.mutating ? 'string' : 'undefined', `${name} and its key`)
  }
})

t.test('parameters may be left out where none are needed', async t => {
  const { server, client } = await connected(t)
  server.on('video.list', () => ({ videos: [] }))
  t.same(await client.video.list(), { videos: [] })
  t.same(server.commands('video.list')[0]?.data, {})
})

t.test('a trace goes with the command it was given for, and with no other', async t => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const { server, client } = await connected(t)
  server.on('video.list', () => ({ videos: [] }))
  await client.video.list({}, { traceparent })
  await client.video.list()
  t.same(
    server.commands('video.list').map(command => command.traceparent),
    [traceparent, undefined],
  )
})

t.test('a client is no promise, so that it can be awaited and returned', async t => {
  const { client } = await connected(t)
  t.equal(await client, client)
  t.equal(await client.video, client.video)
})

t.test('replies out of order reach their own commands', async t => {
  const { server, client } = await connected(t)
  const first = client.command('video.get', { videoId: 'A' })
  const second = client.command('video.get', { videoId: 'B' })
  await server.until(() => server.commands('video.get').length === 2)
  for (const command of server.commands('video.get').reverse()) {
    server.connection.reply(command, { video: command.data['videoId'] })
  }
  t.same(await Promise.all([first, second]), [{ video: 'A' }, { video: 'B' }])
})

t.test('an error reply is a RemoteError with everything the server said', async t => {
  const { server, client } = await connected(t)
  const details = [{ pointer: '/data/videoId', message: 'must match pattern' }]
  server.on('video.get', (command, connection) =>
    connection.error(command, 'command.invalid', { details, retryAfterMs: 7, retryable: true }),
  )
  const error: RemoteError = await client.video.get({ videoId: 'x' }).then(t.fail, error => error)
  t.match(error, { name: 'RemoteError', code: 'command.invalid', retryable: true, retryAfterMs: 7, details })
  t.match(error.message, /command\.invalid: as scripted\n {2}\/data\/videoId must match pattern/)
})

t.test('no reply in time is a TimeoutError, and the late reply disturbs nothing', async t => {
  const { server, client } = await connected(t)
  await t.rejects(client.video.get({ videoId: VIDEO_ID }, { timeoutMs: 20 }), {
    name: 'TimeoutError',
    retryable: true,
    message: 'no reply to video.get within 20 ms',
  })
  const [late] = server.commands('video.get')
  if (late) server.connection.reply(late, {})
  t.ok(await client.command('ping'))
})

t.test('an abort rejects with its reason, before and after the command was sent', async t => {
  const { server, client } = await connected(t)
  const reason = new Error('no longer needed')
  const controller = new AbortController()
  const waiting = client.video.get({ videoId: VIDEO_ID }, { signal: controller.signal })
  await server.until(() => server.commands('video.get').length === 1)
  controller.abort(reason)
  await t.rejects(waiting, reason)
  await t.rejects(client.video.get({ videoId: VIDEO_ID }, { signal: controller.signal }), reason)
  t.equal(server.commands('video.get').length, 1, 'the second was never sent')
})

t.test('commands over the in-flight limit of the server wait their turn', async t => {
  const { server, client } = await connected(t)
  server.hello.limits = { ...server.hello.limits, inFlight: 4 }
  server.connection.cut()
  await server.until(() => server.connections.length === 2)
  let most = 0
  let open = 0
  server.on('video.get', (command, connection) => {
    most = Math.max(most, ++open)
    setImmediate(() => {
      open--
      connection.reply(command, {})
    })
  })
  await Promise.all(Array.from({ length: 20 }, () => client.video.get({ videoId: VIDEO_ID })))
  t.equal(most, 3, 'one slot is kept for the heartbeat')
})

t.test('a command larger than the server reads is refused here, in bytes', async t => {
  const { server, client } = await connected(t)
  server.hello.limits = { ...server.hello.limits, frameBytes: 1000 }
  server.connection.cut()
  await server.until(() => server.connections.length === 2)
  await t.rejects(client.search.query({ query: 'é'.repeat(600) }), { name: 'RemoteError', code: 'frame.too_large' })
  t.equal(server.commands('search.query').length, 0)
})

t.test('more commands than may wait are refused, not hoarded', async t => {
  const { server, client } = await connected(t, { maxQueued: 2, reconnect: { baseMs: 60_000, capMs: 60_000 } })
  server.connection.close(4100)
  await t.rejects(client.command('video.list'), { name: 'ConnectionError' })
  const waiting = [client.video.list(), client.video.list()]
  await t.rejects(client.video.list(), { name: 'ClientError', message: /maxQueued/ })
  await client.close()
  for (const result of await Promise.allSettled(waiting)) t.equal(result.status, 'rejected')
})

t.test('a lost connection rejects what is in flight with the key to retry it', async t => {
  const { server, client } = await connected(t)
  server.on('chat.create', (_, connection) => connection.cut())
  const error: ConnectionError = await client.chat.create({}).then(t.fail, error => error)
  t.match(error, { name: 'ConnectionError', retryable: true, message: /^chat\.create got no reply/ })
  const { example } = COMMANDS['chat.create']
  server.on('chat.create', () => example.result)
  t.ok(error.key)
  await client.chat.create({}, error.key ? { key: error.key } : {})
  const [first, second] = server.commands('chat.create')
  t.equal(first?.key, second?.key, 'the retry carries the same key')
  t.equal(server.commands('chat.create').length, 2, 'nothing was sent again by itself')
})

t.test('a command given while offline is sent on the next connection', async t => {
  let goOffline = (): void => undefined
  const offline = new Promise<void>(resolve => {
    goOffline = resolve
  })
  const onState = ({ status }: ClientState) => status === 'reconnecting' && goOffline()
  const { server, client } = await connected(t, { onState })
  server.connection.close(4100)
  await offline
  t.ok(await client.command('ping'))
  t.equal(server.connections.length, 2)
})

t.test('close settles every waiter, may be repeated, and refuses what comes after', async t => {
  const { server, client } = await connected(t)
  const names: CommandName[] = ['video.list', 'chat.list']
  const waiting = names.map(name => client.command(name as 'video.list'))
  await server.until(() => server.commands('chat.list').length === 1)
  const closing = [client.close(), client.close()]
  for (const result of await Promise.allSettled(waiting)) {
    t.match(result, { status: 'rejected', reason: { name: 'ConnectionError', retryable: false } })
  }
  await Promise.all(closing)
  await t.rejects(client.command('ping'), ConnectionError)
  await server.until(() => server.connection.socket.readyState === 3)
})
