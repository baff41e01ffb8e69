import { type ClientState, connect } from '@cuewire/client'
import t from 'tap'
import { connected } from '../support/client.js'
import { fakeServer } from '../support/fake-server.js'
import { FakeUploads } from '../support/fake-uploads.js'
import { startServer } from '../support/server.js'
import { SECRET, secondsFromNow, token } from '../support/tokens.js'

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
  server.connection.event('auth.expiring', { expiresAt: '2026-01-01T00:01:00.000Z' })
  await server.until(() => server.commands('auth.refresh').length === 1)
  t.same(server.commands('auth.refresh')[0]?.data, { token: 't2' })
})

t.test('a refresh that fails breaks nothing', async t => {
  let asked = 0
  const { server, client } = await connected(t, {
    token: () => {
      if (++asked === 2) throw new Error('the issuer is down')
      return `t${asked}`
    },
  })
  server.on('auth.refresh', (command, connection) => connection.error(command, 'auth.invalid'))
  const expiring = () => server.connection.event('auth.expiring', { expiresAt: '2026-01-01T00:01:00.000Z' })
  expiring()
  expiring()
  await server.until(() => server.commands('auth.refresh').length === 1)
  t.same(server.commands('auth.refresh')[0]?.data, { token: 't3' })
  await client.command('ping')
  t.equal(server.connections.length, 1)
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

t.test('a real server: refreshed in place before the end, or else connected anew with a new token', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
  const follow = async (tokens: (() => string)[]) => {
    const states: ClientState['status'][] = []
    const client = await connect({
      url: `ws://127.0.0.1:${port}`,
      reconnect: { baseMs: 5, capMs: 20 },
      token: () => (tokens.shift() ?? (() => token({ scope: 'read' })))(),
      onState: ({ status }) => states.push(status),
    })
    t.teardown(() => client.close())
    return { client, states }
  }
  const short = () => token({ scope: 'read', exp: secondsFromNow(8) })
  const broken = () => {
    throw new Error('the issuer is down')
  }
  const refreshed = await follow([short])
  const renewed = await follow([short, broken])
  while (!renewed.states.includes('reconnecting')) await new Promise(resolve => setTimeout(resolve, 50))
  await renewed.client.video.list({})
  await refreshed.client.video.list({})
  t.same(renewed.states, ['open', 'reconnecting', 'open'])
  t.same(refreshed.states, ['open'])
})
