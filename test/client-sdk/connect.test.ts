import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ClientError, type ClientState, ConnectionError, connect } from '@cuewire/client'
import t from 'tap'
import { connected } from '../support/client.js'
import { fakeServer } from '../support/fake-server.js'

t.test('connect resolves after hello, and shows what it said', async t => {
  const { server, client } = await connected(t)
  t.same(client.hello, server.hello)
  t.equal(server.connection.socket.protocol, 'cuewire.v1')
})

t.test('any address of the server will do', async t => {
  const server = await fakeServer(t)
  const http = server.url.replace('ws:', 'http:')
  for (const url of [server.url, `${server.url}/v1/socket`, http, new URL(http)]) {
    const client = await connect(url)
    t.equal(client.hello.protocol, 1)
    await client.close()
  }
})

t.test('an address that is none is refused with the option it came in', async t => {
  await t.rejects(connect('localhost 8080'), { name: 'ClientError', message: /url "localhost 8080"/ })
  await t.rejects(connect('ftp://localhost'), { name: 'ClientError', message: /http, https, ws or wss/ })
  await t.rejects(connect({ url: 'ws://localhost', timeoutMs: -1 }), { message: /timeoutMs must be a number from 0/ })
})

t.test('nobody listening is a retryable ConnectionError that names the address and the cause', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await t.rejects(connect(`ws://127.0.0.1:${port}`), {
    name: 'ConnectionError',
    retryable: true,
    message: new RegExp(`127.0.0.1:${port}.*ECONNREFUSED`),
  })
})

t.test('a handshake refused over HTTP tells the status', async t => {
  const server = await fakeServer(t)
  await t.rejects(connect(`${server.url}/elsewhere`), { name: 'ConnectionError', message: /400/ })
})

t.test('a fatal close before hello is not retryable and keeps its code', async t => {
  const server = await fakeServer(t)
  server.onConnection = connection => connection.close(4000, 'too many faulty frames')
  await t.rejects(connect(server.url), {
    name: 'ConnectionError',
    retryable: false,
    closeCode: 4000,
    message: /too many faulty frames/,
  })
})

t.test('a first frame that is not hello is no Cuewire server', async t => {
  const server = await fakeServer(t)
  server.onConnection = connection => connection.event('welcome', {})
  await t.rejects(connect(server.url), { name: 'ConnectionError', message: /first frame was not hello/ })
})

t.test('a hello without what the client relies on is refused', async t => {
  const server = await fakeServer(t)
  for (const broken of [{ protocol: 'one' }, { heartbeatMs: null }, { limits: {} }, { capabilities: [] }]) {
    server.onConnection = connection => connection.event('hello', { ...server.hello, ...broken })
    await t.rejects(connect(server.url), { name: 'ConnectionError', message: /hello without/ })
  }
})

t.test('a server of another protocol version is refused for good', async t => {
  const server = await fakeServer(t)
  server.onConnection = connection => connection.event('hello', { ...server.hello, protocol: 2 })
  await t.rejects(connect(server.url), { retryable: false, message: /protocol 2, this client 1/ })
})

t.test('a server that never says hello is given up in time, and let go', async t => {
  const server = await fakeServer(t)
  server.onConnection = () => undefined
  await t.rejects(connect({ url: server.url, connectTimeoutMs: 50 }), {
    name: 'ConnectionError',
    message: /no hello .* within 50 ms/,
  })
  await server.until(() => server.connection.socket.readyState === 3)
})

t.test('an abort ends the wait with its reason, and lets the socket go', async t => {
  const server = await fakeServer(t)
  server.onConnection = () => undefined
  const reason = new Error('changed my mind')
  const controller = new AbortController()
  const connecting = connect({ url: server.url, signal: controller.signal })
  await server.until(() => server.connections.length === 1)
  controller.abort(reason)
  await t.rejects(connecting, reason)
  await server.until(() => server.connection.socket.readyState === 3)
  await t.rejects(connect({ url: server.url, signal: AbortSignal.abort(reason) }), reason)
})

t.test('an injected WebSocket class is used', async t => {
  const server = await fakeServer(t)
  const { WebSocket } = await import('ws')
  const opened: string[] = []
  class Spy extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols)
      opened.push(url)
    }
  }
  const client = await connect({ url: server.url, WebSocket: Spy })
  t.same(opened, [`${server.url}/v1/socket`])
  await client.close()
})

t.test('every error of the package is a ClientError', async t => {
  t.ok(new ConnectionError('x', { retryable: true }) instanceof ClientError)
})

t.test('with retryFirstConnect a server that comes later, or fails at first, is waited for', async t => {
  const server = await fakeServer(t)
  server.onConnection = connection =>
    server.connections.length < 4 ? connection.cut() : connection.event('hello', server.hello)
  const states: ClientState[] = []
  const client = await connect({
    url: server.url,
    retryFirstConnect: true,
    reconnect: { baseMs: 2, capMs: 8 },
    onState: state => states.push(state),
  })
  t.teardown(() => client.close())
  t.equal(server.connections.length, 4)
  t.ok(await client.command('ping'))
  t.match(states, [
    { status: 'reconnecting', attempt: 1, cause: { name: 'ConnectionError' } },
    { status: 'reconnecting', attempt: 2 },
    { status: 'reconnecting', attempt: 3 },
    { status: 'open' },
  ])
})

t.test('retryFirstConnect ends with what cannot be mended, with maxAttempts, and with the signal', async t => {
  const server = await fakeServer(t)
  const patient = { url: server.url, retryFirstConnect: true, reconnect: { baseMs: 1, capMs: 1, maxAttempts: 3 } }
  server.onConnection = connection => connection.event('hello', { ...server.hello, protocol: 2 })
  await t.rejects(connect(patient), { retryable: false, message: /protocol 2/ })
  t.equal(server.connections.length, 1)
  server.onConnection = connection => connection.cut()
  await t.rejects(connect(patient), { name: 'ConnectionError', message: /cannot connect/ })
  t.equal(server.connections.length, 5, 'once, and three times more')
  const reason = new Error('changed my mind')
  const controller = new AbortController()
  const waiting = connect({ ...patient, reconnect: { baseMs: 1e6, capMs: 1e6 }, signal: controller.signal })
  await server.until(() => server.connections.length === 6)
  controller.abort(reason)
  await t.rejects(waiting, reason)
})
