import { startServer } from '../../support/server.js'
import { SECRET, secondsFromNow, token } from '../../support/tokens.js'
import { ask, Client, HANDSHAKE } from '../client.js'
import { failureOf, NO_RATE_LIMIT, type Produce } from './place.js'

const handshake = async (port: number, more: Record<string, string> = {}) =>
  (await ask(port, 'GET', '/v1/socket', { ...HANDSHAKE, ...more })).code

const faulty =
  (frame: string): Produce =>
  async (t, { port }) => {
    const client = await Client.open(t, port)
    client.send(frame)
    return client.nextError()
  }

const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`

/** Errors of frames, tokens, limits and HTTP. */
export const connectionErrors: Readonly<Record<string, Produce>> = {
  'frame.not_text': async (t, { port }) => {
    const client = await Client.open(t, port)
    client.socket.send(Buffer.from('{"type":"ping"}'))
    return client.nextError()
  },
  'frame.not_json': faulty('{"type":'),
  'frame.invalid': faulty('{"type":"ping","more":1}'),
  'frame.too_large': faulty(JSON.stringify({ type: 'ping', data: { text: 'x'.repeat(512 * 1024) } })),
  'frame.too_deep': faulty(`{"type":"ping","data":{"deep":${nested(16)}}}`),
  'frame.too_many_values': faulty(`{"type":"ping","data":{${Array.from({ length: 5000 }, (_, at) => `"${at}":1`)}}}`),
  'command.unknown': async (t, { port }) => (await Client.open(t, port)).codeOf('no.such'),
  'command.invalid': async (t, { port }) => (await Client.open(t, port)).codeOf('video.get', { videoId: 'x' }),

  'command.needs_socket': async (_t, { port }) => (await ask(port, 'POST', '/v1/commands/subscribe')).code,

  'auth.required': (_t, { guardedPort }) => handshake(guardedPort),
  'auth.invalid': (_t, { guardedPort }) =>
    handshake(guardedPort, { authorization: `Bearer ${token({}, 'another secret')}` }),
  'auth.expired': (_t, { guardedPort }) =>
    handshake(guardedPort, { authorization: `Bearer ${token({ exp: secondsFromNow(-60) })}` }),
  'auth.forbidden': async (t, { guardedPort }) =>
    (await Client.open(t, guardedPort, token({ scope: 'write chat admin' }))).codeOf('video.list'),
  'auth.subject_changed': async (t, { guardedPort }) =>
    (await Client.open(t, guardedPort, token())).codeOf('auth.refresh', { token: token({ sub: 'grace' }) }),

  'idempotency.mismatch': async (t, { port }) => {
    const client = await Client.open(t, port)
    await client.command('chat.create', { title: 'one' }, { key: 'once' })
    return client.codeOf('chat.create', { title: 'two' }, { key: 'once' })
  },
  'limit.rate': async (t, { guardedPort }) => {
    const client = await Client.open(t, guardedPort, token())
    return failureOf(await Promise.all(Array.from({ length: 2000 }, () => client.codeOf('ping'))))
  },
  'limit.in_flight': async (t, { port }) => {
    const client = await Client.open(t, port)
    const upload = { filename: 'clip.mp4', sizeBytes: 1000 }
    return failureOf(await Promise.all(Array.from({ length: 200 }, () => client.codeOf('video.create', upload))))
  },
  'limit.subscriptions': async t => {
    const { port } = await startServer(t, NO_RATE_LIMIT)
    const client = await Client.open(t, port)
    for (let i = 0; i < 256; i++) {
      const { data } = await client.command('chat.create')
      await client.command('subscribe', { topic: data?.['topic'] })
    }
    return client.codeOf('subscribe', { topic: 'library' })
  },

  'http.not_found': async (_t, { port }) => (await ask(port, 'GET', '/nowhere')).code,
  'http.method_not_allowed': async (_t, { port }) => (await ask(port, 'DELETE', '/healthz')).code,
  'http.media_type': async (_t, { port }) =>
    (await ask(port, 'POST', '/v1/commands/ping', { 'content-type': 'text/plain' }, Buffer.from('{}'))).code,
  'http.framing': async (_t, { port }) =>
    (await ask(port, 'POST', '/healthz', { 'transfer-encoding': 'identity' })).code,
  'http.upgrade_required': async (_t, { port }) => (await ask(port, 'GET', '/v1/socket')).code,
  'http.unexpected_upgrade': async (_t, { port }) => (await ask(port, 'GET', '/healthz', HANDSHAKE)).code,
  'http.upgrade_invalid': (_t, { port }) => handshake(port, { 'sec-websocket-key': 'short' }),
  'http.origin': (_t, { port }) => handshake(port, { origin: 'https://other.example' }),
  'http.subprotocol': (_t, { port }) => handshake(port, { 'sec-websocket-protocol': 'other' }),
  'http.host': (_t, { port }) => handshake(port, { host: 'other.example' }),
  'http.too_many_connections': async t => {
    const { port } = await startServer(t, { CUEWIRE_MAX_CONNECTIONS: '1' })
    await Client.open(t, port)
    return handshake(port)
  },
  'server.draining': async t => {
    const app = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
    // More than the server says goodbye to at once, so that its end takes a while.
    for (let i = 0; i < 300; i++) await Client.open(t, app.port, token())
    void app.close()
    return handshake(app.port, { authorization: `Bearer ${token()}` })
  },
}
