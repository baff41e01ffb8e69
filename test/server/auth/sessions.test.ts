import { once } from 'node:events'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { Job } from '@cuewire/protocol'
import { startApp } from '@cuewire/server/app.js'
import { loadConfig } from '@cuewire/server/config/load.js'
import { Subscriptions } from '@cuewire/server/sessions/subscriptions.js'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { clipMaker } from '../../support/clips.js'
import { createMemoryBus } from '../../support/memory-bus.js'
import { onEachTransport } from '../../support/on-each-transport.js'
import { RawSocket } from '../../support/raw-socket.js'
import { type Seeded, seedTenant } from '../../support/seeded-tenant.js'
import { startServer } from '../../support/server.js'
import { testFolder } from '../../support/test-folder.js'
import { SECRET, secondsFromNow, token } from '../../support/tokens.js'

const test = onEachTransport(t)

const start = (t: Test, environment: Record<string, string> = {}) =>
  startServer(t, { CUEWIRE_JWT_SECRET: SECRET, ...environment })

test('auth.refresh takes a token of the same subject and tenant only', async t => {
  const { port } = await start(t)
  const socket = await RawSocket.open(t, port, token({ scope: 'read', tenant: 'acme' }))
  const refresh = async (claims: object, secret?: string) =>
    socket.command('auth.refresh', { token: token(claims, secret) })
  t.match(await refresh({ sub: 'eve', tenant: 'acme' }), { error: { code: 'auth.subject_changed' } })
  t.match(await refresh({ tenant: 'globex' }), { error: { code: 'auth.subject_changed' } })
  t.match(await refresh({}), { error: { code: 'auth.subject_changed' } }, 'the default tenant is another one too')
  t.match(await refresh({ tenant: 'acme' }, 'z'.repeat(40)), { error: { code: 'auth.invalid' } })
  t.match(await refresh({ tenant: 'acme', exp: secondsFromNow(-60) }), { error: { code: 'auth.expired' } })
  t.match(await socket.command('video.list'), { type: 'reply' }, 'a refused token changes nothing')
  t.match(await socket.command('chat.list'), { error: { code: 'auth.forbidden' } })
  t.match(await refresh({ tenant: 'acme', scope: 'chat' }), { data: { principal: { scopes: ['chat'] } } })
  t.match(await socket.command('chat.list'), { type: 'reply' })
  t.match(await socket.command('video.list'), { error: { code: 'auth.forbidden' } })
})

test('a chat is deleted by the subject that opened it, or by an admin of the tenant', async t => {
  const { port } = await start(t)
  const open = (claims: object) => RawSocket.open(t, port, token({ tenant: 'acme', scope: 'chat', ...claims }))
  const [ada, bob, admin] = [
    await open({}),
    await open({ sub: 'bob' }),
    await open({ sub: 'root', scope: 'chat admin' }),
  ]
  const chats: string[] = []
  for (let i = 0; i < 2; i++) {
    const { data } = await ada.command('chat.create', {}, `chat ${i}`)
    const chat = data?.['chat'] as { id: string; createdBy: string } | undefined
    t.equal(chat?.createdBy, 'ada')
    chats.push(chat?.id ?? '')
  }
  const [first, second] = chats
  t.match(await bob.command('chat.history', { chatId: first }), { type: 'reply' })
  t.match(await bob.command('chat.ask', { chatId: first, question: 'hello' }), { type: 'reply' })
  t.match(await bob.command('chat.delete', { chatId: first }), { error: { code: 'auth.forbidden' } })
  t.match(await ada.command('chat.delete', { chatId: first }), { type: 'reply' })
  t.match(await admin.command('chat.delete', { chatId: second }), { type: 'reply' })
})

test('when scopes shrink, topics they no longer cover end at once', async t => {
  const dataDir = testFolder(t)
  const { videoId, chatId } = await seedTenant(dataDir, 'acme', { word: 'zeppelin', jobState: 'completed' })
  const { port } = await start(t, { CUEWIRE_DATA_DIR: dataDir })
  const claims = { tenant: 'acme', scope: 'read write chat' }
  const shrinking = await RawSocket.open(t, port, token(claims))
  const steady = await RawSocket.open(t, port, token(claims))
  for (const socket of [shrinking, steady]) await socket.command('subscribe', { topic: 'library' })
  await shrinking.command('subscribe', { topic: `chat/${chatId}` })
  await shrinking.command('auth.refresh', { token: token({ ...claims, scope: 'chat admin' }) })
  await steady.command('video.update', { videoId, title: 'new' })
  const { data } = await shrinking.command('admin.sessions')
  t.match(data?.['sessions'], [{ topics: [`chat/${chatId}`] }, { topics: ['library'] }])
  t.ok(
    steady.frames.some(frame => frame.type === 'video.updated'),
    'the event was sent',
  )
  t.notOk(shrinking.frames.some(frame => frame.type === 'video.updated'))
})

test('a subscription under way while scopes shrink, or others fill the limit, is refused', async t => {
  const bus = createMemoryBus({ kept: 10 })
  let allowed = true
  const subscriptions = new Subscriptions({
    bus,
    limits: { subscriptions: 2, pageBytes: 1000, backlogBytes: 1000 },
    deliver: () => undefined,
    onOverflow: () => undefined,
    exists: async () => true,
    allows: () => allowed,
  })
  const [a, b, c] = ['a', 'b', 'c'].map(id => `video/${id}` as const)
  const outcomes = await Promise.allSettled(
    [a, b, c].flatMap(topic => (topic ? [subscriptions.subscribe({ topic })] : [])),
  )
  t.match(outcomes, [
    { status: 'fulfilled' },
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'limit.subscriptions' } },
  ])
  t.equal(subscriptions.topics.length, 2)
  for (const topic of subscriptions.topics) subscriptions.unsubscribe(topic)
  const late = subscriptions.subscribe({ topic: 'library' })
  allowed = false
  await t.rejects(late, { code: 'auth.forbidden' })
  t.same(subscriptions.topics, [])
})

test('a token that runs out is warned of, then ends the connection with a code to reconnect with', async t => {
  const { port } = await start(t)
  const exp = secondsFromNow(3)
  const socket = await RawSocket.open(t, port, token({ exp }))
  t.match(await socket.next(), { type: 'auth.expiring', data: { expiresAt: new Date(exp * 1000).toISOString() } })
  t.match(await socket.untilClosed(), { code: 4101 })
  t.match(socket.frames.at(-1), { type: 'goodbye', data: { code: 4101 } })
  t.ok(Date.now() >= exp * 1000, 'not before its time')
})

test('a token that ends within a minute is announced at once, by the handshake and by auth.refresh', async t => {
  const { port } = await start(t)
  const socket = await RawSocket.open(t, port, token({ exp: secondsFromNow(30) }))
  await socket.command('ping')
  t.same(
    socket.frames.map(({ type }) => type),
    ['hello', 'auth.expiring', 'reply'],
  )
  await socket.command('auth.refresh', { token: token({ exp: secondsFromNow(3600) }) })
  const exp = secondsFromNow(40)
  await socket.command('auth.refresh', { token: token({ exp }) })
  await socket.command('ping')
  t.same(
    socket.frames.slice(3).map(({ type }) => type),
    ['reply', 'reply', 'auth.expiring', 'reply'],
    'behind the reply that brought it about',
  )
  t.match(socket.frames.at(-2), { data: { expiresAt: new Date(exp * 1000).toISOString() } })
})

test('a token that has ended, accepted by grace, opens a connection that is closed at once', async t => {
  const { port } = await start(t)
  const socket = RawSocket.start(t, port, token({ exp: secondsFromNow(-2) }))
  t.match(await socket.untilClosed(), { code: 4101 })
  t.same(
    socket.frames.map(({ type }) => type),
    ['hello', 'goodbye'],
  )
  // The same where nothing is known of the tenant yet: what was sent meanwhile is not done.
  const claims = { tenant: 'brand-new', scope: 'chat' }
  const early = RawSocket.start(t, port, token({ ...claims, exp: secondsFromNow(-2) }))
  await once(early.socket, 'open')
  early.send({ type: 'chat.create', id: 1 })
  t.match(await early.untilClosed(), { code: 4101 })
  const later = await RawSocket.open(t, port, token(claims))
  t.same((await later.command('chat.list')).data?.['chats'], [])
})

test('the first connection of a tenant works at once, and what it sent before hello is answered in order', async t => {
  const { port } = await start(t)
  const socket = RawSocket.start(t, port, token({ tenant: 'brand-new', scope: 'read' }))
  await once(socket.socket, 'open')
  for (let id = 0; id < 50; id++) socket.send({ type: id % 2 ? 'ping' : 'server.info', id })
  await socket.next(({ id }) => id === 49)
  t.same(
    socket.frames.map(({ type, id }) => (type === 'hello' ? 'hello' : id)),
    ['hello', ...Array(50).keys()],
  )
  t.match(socket.frames[0], { data: { principal: { subject: 'ada', tenant: 'brand-new', scopes: ['read'] } } })
})

test('no token, ticket or secret is ever logged, at any level', async t => {
  let log = ''
  const stream = new Writable({
    write(chunk, _, done) {
      log += String(chunk)
      done()
    },
  })
  const config = loadConfig({ CUEWIRE_PORT: '0', CUEWIRE_DATA_DIR: testFolder(t), CUEWIRE_JWT_SECRET: SECRET })
  const app = await startApp(config, pino({ level: 'trace' }, stream), 'here')
  t.teardown(() => app.close())
  const good = token({ scope: 'read' })
  const bad = token({}, 'w'.repeat(40))
  const http = `http://127.0.0.1:${app.port}`
  const issued = await fetch(`${http}/v1/tickets`, { method: 'POST', headers: { authorization: `Bearer ${good}` } })
  const { ticket } = (await issued.json()) as { ticket: string }
  const url = `ws://127.0.0.1:${app.port}/v1/socket`
  const attempts: [url: string, protocols: string[]][] = [
    [`${url}?ticket=${ticket}`, ['cuewire.v1']],
    [`${url}?ticket=${ticket}`, ['cuewire.v1']],
    [url, ['cuewire.v1', `bearer.${good}`]],
    [url, ['cuewire.v1', `bearer.${bad}`]],
  ]
  const outcomes: string[] = []
  for (const [address, protocols] of attempts) {
    const socket = new WebSocket(address, protocols)
    outcomes.push(
      await new Promise<string>(resolve => {
        socket.once('open', () => resolve(`open ${socket.protocol}`))
        socket.once('error', error => resolve(error.message))
      }),
    )
    socket.terminate()
  }
  t.same(outcomes, [
    'open cuewire.v1',
    'Unexpected server response: 401',
    'open cuewire.v1',
    'Unexpected server response: 401',
  ])
  const socket = await RawSocket.open(t, app.port, good)
  await socket.command('auth.refresh', { token: bad })
  await socket.command('auth.refresh', { token: good, extra: bad })
  await fetch(`${http}/nowhere?ticket=${ticket}`, { headers: { authorization: `Bearer ${bad}` } })
  t.match(log, 'listening', 'the log is written')
  const shown = `${log}${JSON.stringify(socket.frames)}`
  for (const secret of [SECRET, ticket, good, bad, good.split('.')[2] ?? '', bad.split('.')[2] ?? '']) {
    t.notOk(shown.includes(secret), 'neither in the log nor in a reply')
  }
})

test('unfinished jobs of every tenant continue after a restart, sharing the places for jobs', async t => {
  const clips = await clipMaker(t)
  const file = await clips.plain()
  const dataDir = clips.path('data')
  const tenants = ['acme', 'globex', 'initech']
  const seeded = new Map<string, Seeded>()
  for (const tenant of tenants) {
    const ids = await seedTenant(dataDir, tenant, { word: tenant, jobState: 'queued' })
    await copyFile(file, join(dataDir, 'tenants', tenant, 'videos', ids.videoId, 'original'))
    seeded.set(tenant, ids)
  }
  const { port } = await start(t, { CUEWIRE_DATA_DIR: dataDir, CUEWIRE_CONCURRENCY: '1', CUEWIRE_LOG_LEVEL: 'fatal' })
  const spans = await Promise.all(
    tenants.map(async tenant => {
      const socket = await RawSocket.open(t, port, token({ tenant, scope: 'read' }))
      await socket.command('subscribe', { topic: `job/${seeded.get(tenant)?.jobId}`, since: 0 })
      await socket.next(({ type }) => /^processing\.(completed|failed)$/.test(type))
      const { data } = await socket.command('processing.get', { jobId: seeded.get(tenant)?.jobId })
      const job = data?.['job'] as Job | undefined
      return { tenant, start: Date.parse(job?.startedAt ?? ''), end: Date.parse(job?.finishedAt ?? '') }
    }),
  )
  spans.sort((a, b) => a.start - b.start)
  for (const [i, { tenant, start, end }] of spans.entries()) {
    t.ok(end > start, `the job of ${tenant} ran`)
    t.ok((spans[i + 1]?.start ?? end) >= end, `the next waited for that of ${tenant}`)
  }
})
