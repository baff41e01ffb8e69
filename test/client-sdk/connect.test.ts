import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { ClientError, type ClientState, ConnectionError, connect } from '@cuewire/client'
import { EVENTS, SUBPROTOCOL } from '@cuewire/protocol'
import t, { type Test } from 'tap'
import { WebSocket, WebSocketServer } from 'ws'
import { connected } from '../support/client.js'
import { fakeServer } from '../support/fake-server.js'
import { startServer } from '../support/server.js'
import { SECRET, secondsFromNow, token } from '../support/tokens.js'

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
  const connectTo = connect as (target: unknown) => Promise<unknown>
  await t.rejects(connectTo(undefined), { name: 'ClientError', message: /url "undefined" is not an address/ })
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

t.test('a handshake that a proxy refuses tells the status; only one that passes is worth a retry', async t => {
  for (const [status, retryable] of [
    ...[301, 400, 401, 403, 404].map(status => [status, false] as const),
    ...[429, 500, 502, 503].map(status => [status, true] as const),
  ]) {
    const url = await refusingServer(t, status, { location: 'https://elsewhere.example/' })
    const error = { name: 'ConnectionError', retryable, status, message: new RegExp(`HTTP status ${status}`) }
    await t.rejects(connect(url), error)
    await t.rejects(connect({ url, WebSocket }), error, 'with the class of ws given')
  }
  const advice = { message: /HTTP status 301; it points to https:\/\/elsewhere\.example\/, and redirects are not/ }
  await t.rejects(connect(await refusingServer(t, 301, { location: 'https://elsewhere.example/' })), advice)
})

t.test('a handshake that the server refuses has its code and its words, and says what to give', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
  const url = `ws://127.0.0.1:${port}`
  const required = { retryable: false, status: 401, code: 'auth.required', message: /auth\.required: .*give `token`/ }
  await t.rejects(connect(url), required)
  await t.rejects(connect({ url, retryFirstConnect: true }), required, 'nor is it tried again')
  await t.rejects(connect({ url, token: 'x' }), { retryable: false, status: 401, code: 'auth.invalid' })
  const expired = { retryable: true, status: 401, code: 'auth.expired' }
  await t.rejects(connect({ url, token: token({ exp: secondsFromNow(-60) }) }), expired)
  await t.rejects(connect(`${url}/elsewhere`), {
    name: 'ConnectionError',
    code: 'http.unexpected_upgrade',
    status: 400,
  })
})

t.test('an open client comes back although a proxy answers 404 for a while', async t => {
  const answers = createServer((_, response) => response.writeHead(404).end())
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => SUBPROTOCOL })
  let handshakes = 0
  answers.on('upgrade', (request, socket, head) => {
    if (++handshakes === 2) socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    else sockets.handleUpgrade(request, socket, head, open => open.send(HELLO))
  })
  const states: ClientState[] = []
  const url = await listening(t, answers)
  const client = await connect({ url, reconnect: { baseMs: 1, capMs: 1 }, onState: state => states.push(state) })
  t.teardown(() => client.close())
  for (const socket of sockets.clients) socket.terminate()
  while (states.at(-1)?.status !== 'open' || handshakes < 3) await setTimeout(5)
  t.match(states.slice(1), [
    { status: 'reconnecting' },
    { status: 'reconnecting', cause: { status: 404 } },
    { status: 'open' },
  ])
})

const HELLO = JSON.stringify({ type: 'hello', at: '2026-01-01T00:00:00.000Z', data: EVENTS.hello.example })

/** The address of a server that answers every handshake so. */
async function refusingServer(t: Test, status: number, headers: Record<string, string>): Promise<string> {
  return listening(
    t,
    createServer((_, response) => response.writeHead(status, headers).end('<html>no</html>')),
  )
}

async function listening(t: Test, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

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
