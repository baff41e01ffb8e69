import { setTimeout as pause } from 'node:timers/promises'
import { COMMANDS } from '@cuewire/protocol'
import { LOCAL_PRINCIPAL, type Principal } from '@cuewire/server/identity/principal.js'
import { RateLimits } from '@cuewire/server/identity/rate-limits.js'
import t from 'tap'
import { onEachTransport } from '../../support/on-each-transport.js'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'
import { SECRET, token } from '../../support/tokens.js'

const test = onEachTransport(t)

/** Ten a second and a hundred saved up; a principal or an address has fifty a second and five hundred. */
const OPTIONS = { perSecond: 10, burst: 100 }
const principal = (subject: string, tenant = 'default'): Principal => ({ ...LOCAL_PRINCIPAL, subject, tenant })
const ADA = principal('ada')

t.test('a connection may spend its burst, and then what comes in', async t => {
  const rate = new RateLimits(OPTIONS).connection(ADA, 'a', 0)
  t.equal(rate.take(100, 0), 0)
  t.equal(rate.take(1, 0), 100)
  t.equal(rate.take(20, 0), 2000)
  t.equal(rate.take(20, 1999), 1)
  t.equal(rate.take(20, 2000), 0)
  t.equal(rate.take(1, 2000), 100)
})

t.test(
  'a principal has five times as much, over all its connections, and takes nothing from other principals',
  async t => {
    const limits = new RateLimits(OPTIONS)
    for (let i = 0; i < 5; i++) t.equal(limits.connection(ADA, `a${i}`, 0).take(100, 0), 0)
    t.equal(limits.connection(ADA, 'a5', 0).take(1, 0), 20)
    for (const other of [principal('bob'), principal('ada', 'other')]) {
      t.equal(limits.connection(other, 'a5', 0).take(100, 0), 0, `${other.tenant} ${other.subject}`)
    }
  },
)

t.test('an address has five times as much, over all that come from it', async t => {
  const limits = new RateLimits(OPTIONS)
  for (let i = 0; i < 5; i++) t.equal(limits.connection(principal(`${i}`), 'a', 0).take(100, 0), 0)
  t.equal(limits.connection(principal('5'), 'a', 0).take(1, 0), 20)
  t.equal(limits.connection(principal('5'), 'b', 0).take(1, 0), 0)
})

t.test('an IPv6 client has one bucket for all addresses of its network', async t => {
  const limits = new RateLimits(OPTIONS)
  for (let i = 0; i < 5; i++) {
    t.equal(limits.connection(principal(`${i}`), `2001:db8:1:2::${i}`, 0).take(100, 0), 0)
  }
  t.equal(limits.connection(principal('5'), '2001:db8:1:2:3:4:5:6', 0).take(1, 0), 20)
  t.throws(() => limits.requestFrom('2001:db8:1:2::7', 0), { code: 'limit.rate' })
  t.equal(limits.connection(principal('5'), '2001:db8:1:3::', 0).take(1, 0), 0)
  t.equal(limits.size, 8, 'six principals and two networks')
})

t.test('an HTTP request pays from its principal and its address, or from neither', async t => {
  const limits = new RateLimits(OPTIONS)
  const ask = (subject: string, address: string, cost: number, nowMs = 0) =>
    limits.request({ principal: principal(subject), address, cost }, nowMs)
  t.equal(ask('ada', 'a', 400), 0)
  t.equal(ask('ada', 'b', 200), 2000, 'the principal has 100 left')
  t.equal(ask('bob', 'a', 200), 2000, 'the address has 100 left')
  t.equal(ask('bob', 'b', 500), 0, 'what was refused cost nothing')
  t.equal(ask('ada', 'a', 200, 1999), 1)
  t.equal(ask('ada', 'a', 200, 2000), 0)
})

t.test('a command that is refused costs nothing', async t => {
  const limits = new RateLimits(OPTIONS)
  for (let i = 0; i < 5; i++) limits.connection(ADA, `a${i}`, 0).take(100, 0)
  t.ok(limits.connection(ADA, 'b', 0).take(100, 0) > 0)
  for (let i = 0; i < 5; i++) t.equal(limits.connection(principal(`${i}`), 'b', 0).take(100, 0), 0)
})

t.test(
  'shared buckets outlive their connections until they are full again, so that reconnecting gains nothing',
  async t => {
    const limits = new RateLimits(OPTIONS)
    const first = limits.connection(ADA, 'a', 0)
    const second = limits.connection(ADA, 'a', 0)
    t.equal(limits.size, 2)
    first.take(100, 0)
    first.release()
    limits.sweep(60_000)
    t.equal(limits.size, 2, 'one connection still holds them')
    second.take(100, 60_000)
    second.release()
    limits.sweep(61_999)
    t.equal(limits.size, 2, 'they are not full yet')
    limits.connection(ADA, 'a', 61_999).release()
    limits.sweep(62_000)
    t.equal(limits.size, 0)
  },
)

t.test('what nobody holds is bounded, whatever comes from however many addresses', async t => {
  const limits = new RateLimits({ perSecond: 0.001, burst: 100 })
  for (let i = 0; i < 60_000; i++) limits.requestFrom(`${i}`, 0)
  limits.sweep(1000)
  t.equal(limits.size, 50_000)
})

t.test('an HTTP request costs one token of its address and one of its principal', async t => {
  const limits = new RateLimits(OPTIONS)
  for (let i = 0; i < 500; i++) {
    limits.requestFrom('a', 0)
    limits.requestBy(ADA, 0)
  }
  for (const request of [() => limits.requestFrom('a', 0), () => limits.requestBy(ADA, 0)]) {
    t.throws(request, { code: 'limit.rate', retryAfterMs: 20 })
  }
  limits.requestFrom('b', 0)
  limits.requestBy(principal('bob'), 0)
  t.ok(limits.connection(ADA, 'b', 0).take(1, 0) > 0, 'commands are paid from the same bucket')
})

t.test('every command costs at least one token and no more than the smallest burst there can be', async t => {
  for (const [name, { cost }] of Object.entries(COMMANDS)) t.ok(cost >= 1 && cost <= 100, `${name} costs ${cost}`)
})

t.test('over the limit a command is refused with the time to wait, and the connection lives on', async t => {
  const { port } = await startServer(t, { CUEWIRE_COMMANDS_PER_SECOND: '10', CUEWIRE_COMMAND_BURST: '100' })
  const socket = await RawSocket.open(t, port)
  t.match(socket.frames[0], { data: { limits: { commandsPerSecond: 10, commandBurst: 100 } } })
  for (let id = 0; id < 200; id++) socket.send({ type: 'ping', id })
  const answers = []
  for (let id = 0; id < 200; id++) answers.push(await socket.next())
  t.same(
    answers.map(({ id }) => id),
    answers.map((_, id) => id),
  )
  const refused = answers.filter(({ type }) => type === 'error')
  t.ok(refused.length > 60 && refused.length <= 100, `${refused.length} of 200 are refused`)
  for (const { error } of refused) t.match(error, { code: 'limit.rate', retryable: true, retryAfterMs: Number })
  const waitMs = refused.at(-1)?.error?.retryAfterMs ?? 0
  t.ok(waitMs > 0 && waitMs <= 100, `${waitMs} ms`)
  await pause(waitMs + 5)
  t.match(await socket.command('ping'), { type: 'reply' })
})

t.test('a command costs what the table says', async t => {
  const { port } = await startServer(t, { CUEWIRE_COMMANDS_PER_SECOND: '0.1', CUEWIRE_COMMAND_BURST: '100' })
  const socket = await RawSocket.open(t, port)
  const { cost } = COMMANDS['search.query']
  for (let spent = 0; spent + cost <= 100; spent += cost) {
    t.match(await socket.command('search.query', { query: 'boats' }), { type: 'reply' })
  }
  t.match(await socket.command('search.query', { query: 'boats' }), { error: { code: 'limit.rate' } })
})

t.test('a faulty frame costs one token too', async t => {
  const { port } = await startServer(t, { CUEWIRE_COMMANDS_PER_SECOND: '0.1', CUEWIRE_COMMAND_BURST: '100' })
  const socket = await RawSocket.open(t, port)
  for (let i = 0; i < 50; i++) {
    socket.send('nonsense')
    t.match(await socket.next(), { error: { code: 'frame.not_json' } })
    t.match(await socket.command('ping'), { type: 'reply' })
  }
  socket.send('nonsense')
  t.match(await socket.next(), { error: { code: 'limit.rate' } })
  t.match(await socket.command('ping'), { error: { code: 'limit.rate' } })
})

test('over the limit an HTTP request is answered 429 with Retry-After, but for the probes', async t => {
  const { port } = await startServer(t, {
    CUEWIRE_COMMANDS_PER_SECOND: '0.001',
    CUEWIRE_COMMAND_BURST: '100',
    CUEWIRE_JWT_SECRET: SECRET,
  })
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    await response.text()
    return response
  }
  for (let i = 0; i < 500; i++) t.equal((await get('/metrics')).status, 401)
  const refused = await get('/metrics')
  t.equal(refused.status, 429)
  t.ok(Number(refused.headers.get('retry-after')) >= 1)
  t.equal((await get('/healthz')).status, 200)
  t.not((await get('/readyz')).status, 429)
  const socket = await RawSocket.open(t, port, token({ scope: 'read' }))
  t.match(await socket.command('ping'), { error: { code: 'limit.rate', retryAfterMs: Number } }, 'the address is one')
})
