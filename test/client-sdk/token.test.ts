import { type ClientState, connect } from '@cuewire/client'
import { EVENTS } from '@cuewire/protocol'
import { deferred } from '@cuewire/server/lib/deferred.js'
import t from 'tap'
import { connected } from '../support/client.js'
import { type FakeServer, fakeServer } from '../support/fake-server.js'
import { FakeUploads } from '../support/fake-uploads.js'
import { startServer } from '../support/server.js'
import { SECRET, secondsFromNow, token } from '../support/tokens.js'

/** Where a scripted server's clock stands, and a principal whose token ends that many seconds later. */
const CLOCK = '2026-01-01T00:00:00.000Z'
const principal = (seconds: number) => ({
  ...EVENTS.hello.example.principal,
  expiresAt: new Date(Date.parse(CLOCK) + seconds * 1000).toISOString(),
})
const expiring = (server: FakeServer, seconds: number) =>
  server.connection.event('auth.expiring', { expiresAt: principal(seconds).expiresAt })

t.test('a token is offered as a subprotocol, and without one nothing is', async t => {
  const { server } = await connected(t)
  t.same(server.connection.offered, ['cuewire.v1'])
  const { server: asking } = await connected(t, { token: 'abc.def' })
  t.same(asking.connection.offered, ['cuewire.v1', 'bearer.abc.def'])
  t.equal(asking.connection.socket.protocol, 'cuewire.v1')
})

t.test('each connection asks for a token anew, also after the close that says it has expired', async t => {
  let asked = 0
  const { server } = await connected(t, { token: async () => `t${++asked}` })
  server.connection.close(4101, 'the token has expired')
  await server.until(() => server.connections.length === 2)
  server.connection.cut()
  await server.until(() => server.connections.length === 3)
  t.same(
    server.connections.map(({ offered }) => offered[1]),
    ['bearer.t1', 'bearer.t2', 'bearer.t3'],
  )
})

t.test('auth.expiring is answered with auth.refresh and a new token', async t => {
  let asked = 0
  const { server } = await connected(t, { token: () => `t${++asked}` })
  expiring(server, 1)
  await server.until(() => server.commands('auth.refresh').length === 1)
  t.same(server.commands('auth.refresh')[0]?.data, { token: 't2' })
})

t.test('a renewal that fails is told and tried again, and told once more when it has worked', async t => {
  /** What goes wrong at the first attempt to renew; the second finds all well. */
  const fails = async (fault: (server: FakeServer) => string | Promise<string>, message: RegExp) => {
    let asked = 0
    const states: ClientState[] = []
    const recovered = deferred()
    const { server, client } = await connected(t, {
      connectTimeoutMs: 200,
      token: () => (++asked === 2 ? fault(server) : `t${asked}`),
      onState: state => {
        states.push(state)
        if (states.length === 3) recovered.resolve()
      },
    })
    server.on('auth.refresh', () => ({ principal: principal(3600) }))
    expiring(server, 4.5)
    await recovered.promise
    const [, failed, open] = states
    t.match(failed, {
      status: 'expiring',
      expiresAt: principal(4.5).expiresAt,
      cause: { name: 'ClientError', message },
    })
    t.match(open, { status: 'open', hello: { principal: principal(3600) } })
    t.equal(client.hello.principal.expiresAt, principal(3600).expiresAt)
    t.equal(server.connections.length, 1)
    t.equal(asked, 3)
  }
  await Promise.all([
    fails(() => Promise.reject(new Error('the issuer is down')), /not renewed: the issuer is down/),
    fails(() => new Promise(() => undefined), /not renewed: no answer within 200 ms/),
    fails(server => {
      server.on('auth.refresh', (command, connection) => {
        server.on('auth.refresh', () => ({ principal: principal(3600) }))
        connection.error(command, 'auth.invalid')
      })
      return 'forged'
    }, /not renewed: auth\.invalid/),
    fails(server => {
      server.on('auth.refresh', () => {
        server.on('auth.refresh', () => ({ principal: principal(3600) }))
        return { principal: principal(4.5) }
      })
      return 'the old one'
    }, /not renewed: the new token ends when the old one does/),
  ])
})

t.test('a connection that ends takes its renewal with it, and that is no failure of the token', async t => {
  const follow = async () => {
    const states: ClientState['status'][] = []
    const again = deferred()
    const onState = ({ status }: ClientState) => {
      if (states.push(status) === 3) again.resolve()
    }
    return { ...(await connected(t, { token: 'abc', onState })), states, again }
  }
  const cutBefore = await follow()
  expiring(cutBefore.server, 1)
  cutBefore.server.connection.cut()
  const cutMeanwhile = await follow()
  cutMeanwhile.server.on('auth.refresh', (_, connection) => connection.cut())
  expiring(cutMeanwhile.server, 1)
  await Promise.all([cutBefore.again.promise, cutMeanwhile.again.promise])
  t.same(cutBefore.states, ['open', 'reconnecting', 'open'])
  t.same(cutMeanwhile.states, ['open', 'reconnecting', 'open'])
  await cutBefore.client.command('ping')
  t.equal(cutBefore.server.commands('auth.refresh').length, 0, 'the other one, warned later, has sent its own')
})

t.test('a token that cannot be had fails connect, and says why', async t => {
  const server = await fakeServer(t)
  const attempt = connect({ url: server.url, token: () => Promise.reject(new Error('the issuer is down')) })
  await t.rejects(attempt, { name: 'ConnectionError', retryable: true, message: /token.*the issuer is down/ })
  const endless = connect({ url: server.url, connectTimeoutMs: 20, token: () => new Promise<string>(() => undefined) })
  await t.rejects(endless, { name: 'ConnectionError', message: /within 20 ms/ })
  t.equal(server.connections.length, 0)
})

t.test('uploads carry the token as a header', async t => {
  const { server, client } = await connected(t, { token: 'abc' })
  new FakeUploads(server)
  const { onHttp } = server
  const seen = new Set<string | undefined>()
  server.onHttp = (request, response) => {
    seen.add(request.headers.authorization)
    onHttp(request, response)
  }
  await client.upload(new Uint8Array(10), { filename: 'a.mp4' })
  t.same([...seen], ['Bearer abc'])
})

t.test('a real server: a short token is renewed in place, when a third of its life is left', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
  const states: ClientState['status'][] = []
  const asked: number[] = []
  const renewed = deferred()
  let endsAtMs = Number.POSITIVE_INFINITY
  const client = await connect({
    url: `ws://127.0.0.1:${port}`,
    token: () => {
      asked.push(endsAtMs - Date.now())
      if (asked.length === 3) renewed.resolve()
      const exp = secondsFromNow(6)
      endsAtMs = exp * 1000
      return token({ scope: 'read', exp })
    },
    onState: ({ status }) => states.push(status),
  })
  t.teardown(() => client.close())
  await renewed.promise
  await client.video.list({})
  for (const leftMs of asked.slice(1)) t.ok(leftMs < 2500, `${leftMs} ms before the end of the last one`)
  t.same(states, ['open'])
})

t.test('a real server: after 4101 the next connection has a new token, and answers what waited for it', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
  const states: ClientState[] = []
  const lost = deferred()
  let tokens = 0
  const client = await connect({
    url: `ws://127.0.0.1:${port}`,
    reconnect: { baseMs: 5, capMs: 20 },
    token: () => {
      const open = !states.some(({ status }) => status === 'reconnecting')
      if (++tokens === 1) return token({ scope: 'read', exp: secondsFromNow(4) })
      if (open) throw new Error('the issuer is down')
      return token({ scope: 'read' })
    },
    onState: state => {
      states.push(state)
      if (state.status === 'reconnecting') lost.resolve()
    },
  })
  t.teardown(() => client.close())
  await lost.promise
  const waiting = client.video.list({})
  t.same(await waiting, { videos: [] })
  const told = states.map(({ status }) => status)
  t.same(new Set(told.slice(1, -2)), new Set(['expiring']))
  t.match(states.slice(-2), [{ status: 'reconnecting', cause: { closeCode: 4101 } }, { status: 'open' }])
  t.ok(tokens <= 5, `${tokens} tokens were asked for`)
})
