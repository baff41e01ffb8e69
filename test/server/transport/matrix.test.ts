import { request } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { onEachTransport } from '../../support/on-each-transport.js'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'
import { testFolder } from '../../support/test-folder.js'
import { SECRET, token } from '../../support/tokens.js'

const test = onEachTransport(t)

const SOCKET = '/v1/socket'
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const GOOD = {
  upgrade: 'websocket',
  connection: 'Upgrade',
  'sec-websocket-version': '13',
  'sec-websocket-key': KEY,
  'sec-websocket-protocol': 'cuewire.v1',
}
/** An array is sent as that many lines. */
type HeaderSet = Record<string, string | string[] | undefined>
const without = (name: string): HeaderSet => ({ ...GOOD, [name]: undefined })

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}

/** One request, answered by HTTP or by an upgrade (101). */
function ask(port: number, method: string, path: string, headers: HeaderSet): Promise<Answer> {
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).flatMap(([name, value = []]) =>
    [value].flat().flatMap(line => [name, line]),
  )
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers: lines, agent: false })
    outgoing.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' })
    })
    outgoing.on('response', response => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

test('HTTP and WebSocket never mix: method x path x headers', async t => {
  const { port } = await startServer(t)
  const cases: [method: string, path: string, headers: HeaderSet, status: number, code?: string][] = [
    ['GET', SOCKET, GOOD, 101],
    ['GET', SOCKET, { ...GOOD, upgrade: 'WebSocket' }, 101],
    ['GET', SOCKET, { ...GOOD, 'sec-websocket-protocol': 'other, cuewire.v1' }, 101],
    ['GET', SOCKET, { ...GOOD, 'sec-websocket-protocol': ['cuewire.v1', 'bearer.x'] }, 101],
    ['GET', SOCKET, { ...GOOD, 'sec-websocket-protocol': ['bearer.x', 'other, cuewire.v1'] }, 101],
    ['GET', SOCKET, { ...GOOD, origin: `http://127.0.0.1:${port}` }, 101],
    ['GET', SOCKET, {}, 426, 'http.upgrade_required'],
    ['HEAD', SOCKET, {}, 426],
    ['POST', SOCKET, {}, 426, 'http.upgrade_required'],
    ['GET', SOCKET, without('upgrade'), 426, 'http.upgrade_required'],
    ['GET', SOCKET, without('connection'), 426, 'http.upgrade_required'],
    ['GET', SOCKET, { ...GOOD, connection: 'keep-alive' }, 426, 'http.upgrade_required'],
    ['GET', SOCKET, { ...GOOD, connection: 'keep-alive, upgrade' }, 101],
    ['GET', SOCKET, { ...GOOD, upgrade: 'h2c' }, 426, 'http.upgrade_required'],
    ['GET', SOCKET, { ...GOOD, 'sec-websocket-version': '8' }, 426, 'http.upgrade_required'],
    ['GET', SOCKET, without('sec-websocket-version'), 426, 'http.upgrade_required'],
    ['GET', SOCKET, without('sec-websocket-key'), 400, 'http.upgrade_invalid'],
    ['GET', SOCKET, { ...GOOD, 'sec-websocket-key': 'short' }, 400, 'http.upgrade_invalid'],
    ['GET', SOCKET, { ...GOOD, 'sec-websocket-key': '!!!!!!!!!!!!!!!!!!!!!!==' }, 400, 'http.upgrade_invalid'],
    ['GET', SOCKET, without('sec-websocket-protocol'), 400, 'http.subprotocol'],
    ['GET', SOCKET, { ...GOOD, 'sec-websocket-protocol': 'cuewire.v2' }, 400, 'http.subprotocol'],
    ['GET', SOCKET, { ...GOOD, origin: 'https://evil.example' }, 403, 'http.origin'],
    ['GET', SOCKET, { ...GOOD, origin: ['https://evil.example', `http://127.0.0.1:${port}`] }, 403, 'http.origin'],
    ['GET', SOCKET, { ...GOOD, host: 'evil.example' }, 403, 'http.host'],
    ['GET', SOCKET, { ...GOOD, host: ['evil.example', '127.0.0.1'] }, 403, 'http.host'],
    ['GET', SOCKET, { ...GOOD, host: ['127.0.0.1', '127.0.0.1'] }, 403, 'http.host'],
    ['GET', SOCKET, { ...GOOD, 'sec-websocket-version': ['8', '13'] }, 426, 'http.upgrade_required'],
    ['GET', SOCKET, { ...GOOD, 'sec-websocket-key': [KEY, KEY] }, 400, 'http.upgrade_invalid'],
    ['POST', SOCKET, GOOD, 405, 'http.method_not_allowed'],
    ['PUT', SOCKET, GOOD, 405, 'http.method_not_allowed'],
    ...['/', '/v1/uploads', '/healthz', '/metrics', '/v1/socket/', '/v1/sockets', '/nowhere'].map(
      path => ['GET', path, GOOD, 400, 'http.unexpected_upgrade'] as [string, string, HeaderSet, number, string],
    ),
    ['POST', '/v1/uploads', GOOD, 400, 'http.unexpected_upgrade'],
    ['GET', '/healthz', {}, 200],
    ['HEAD', '/healthz', {}, 200],
    ['GET', '/metrics', {}, 200],
    ['DELETE', '/healthz', {}, 405, 'http.method_not_allowed'],
    ['GET', '/nowhere', {}, 404, 'http.not_found'],
    ['GET', '/v1/uploads', {}, 405, 'http.method_not_allowed'],
    ['GET', '/healthz', { host: 'evil.example' }, 403, 'http.host'],
    ['GET', '/healthz', { host: ['127.0.0.1', 'evil.example'] }, 403, 'http.host'],
    ['GET', '/healthz', { host: ['evil.example', '127.0.0.1'] }, 403, 'http.host'],
    ['GET', '/healthz', { origin: 'https://evil.example' }, 403, 'http.origin'],
    ['GET', '/v1/videos/..%2F..%2Fetc/media', {}, 404, 'video.not_found'],
    ['GET', '/v1/videos/01JD7Z0V3N8W6XQ2K4T5R9M1AB/media', {}, 404, 'video.not_found'],
    ['GET', '/v1/videos/01JD7Z0V3N8W6XQ2K4T5R9M1AB/poster.jpg', {}, 404, 'video.not_found'],
    ['GET', '/v1/videos/01JD7Z0V3N8W6XQ2K4T5R9M1AB/frames/1.jpg', {}, 404, 'video.not_found'],
  ]
  for (const [method, path, headers, status, code] of cases) {
    const name = `${method} ${path} ${JSON.stringify(headers)}`
    const answer = await ask(port, method, path, headers)
    t.equal(answer.status, status, name)
    if (code) {
      t.match(JSON.parse(answer.body), { code, status }, name)
      t.equal(answer.headers['content-type'], 'application/problem+json', name)
    }
  }
  const version = await ask(port, 'GET', SOCKET, { ...GOOD, 'sec-websocket-version': '8' })
  t.equal(version.headers['sec-websocket-version'], '13', 'the version it speaks is named')
  for (const { headers } of [version, await ask(port, 'GET', SOCKET, {})]) {
    t.match(headers, { upgrade: 'websocket', connection: 'upgrade' }, 'a 426 names the protocol')
  }
  const accepted = await ask(port, 'GET', SOCKET, GOOD)
  t.equal(accepted.headers['sec-websocket-protocol'], 'cuewire.v1')
})

for (const [setting, who, statusOfTicket] of [
  ['CUEWIRE_MAX_CONNECTIONS', 'The server', 101],
  ['CUEWIRE_MAX_CONNECTIONS_PER_ADDRESS', 'This address', 101],
  // Whose ticket it is shows only when it is used, so it is used up.
  ['CUEWIRE_MAX_CONNECTIONS_PER_SUBJECT', 'This subject', 401],
] as const) {
  test(`over ${setting} an upgrade is 429, and fits again when one leaves`, async t => {
    const { port } = await startServer(t, { [setting]: '1', CUEWIRE_JWT_SECRET: SECRET })
    const first = await RawSocket.open(t, port, token())
    const issued = await ask(port, 'POST', '/v1/tickets', { authorization: `Bearer ${token()}` })
    const { ticket } = JSON.parse(issued.body) as { ticket: string }
    const withTicket = () => ask(port, 'GET', `${SOCKET}?ticket=${ticket}`, GOOD)
    const refused = await withTicket()
    t.equal(refused.status, 429)
    t.match(JSON.parse(refused.body), {
      code: 'http.too_many_connections',
      detail: `${who} has reached its limit of connections (1); close some or try again later.`,
      retryable: true,
      retryAfterMs: 5000,
    })
    t.equal(refused.headers['retry-after'], '5')
    first.socket.close()
    await first.untilClosed()
    t.equal((await withTicket()).status, statusOfTicket)
  })
}

test('a token offered in a line of its own is read', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
  for (const lines of [
    ['cuewire.v1', `bearer.${token()}`],
    [`bearer.${token()}`, 'cuewire.v1'],
  ]) {
    const answer = await ask(port, 'GET', SOCKET, { ...GOOD, 'sec-websocket-protocol': lines })
    t.equal(answer.status, 101)
    t.equal(answer.headers['sec-websocket-protocol'], 'cuewire.v1')
  }
})

test('the limit of a subject is its own, in each tenant, and there is none without authentication', async t => {
  const settings = { CUEWIRE_MAX_CONNECTIONS_PER_SUBJECT: '1' }
  const folder = testFolder(t, { guarded: {}, open: {} })
  const guarded = await startServer(t, {
    ...settings,
    CUEWIRE_DATA_DIR: join(folder, 'guarded'),
    CUEWIRE_JWT_SECRET: SECRET,
  })
  for (const claims of [{}, { sub: 'bob' }, { tenant: 'other' }]) {
    t.match((await RawSocket.open(t, guarded.port, token(claims))).frames, [{ type: 'hello' }])
  }
  const open = await startServer(t, { ...settings, CUEWIRE_DATA_DIR: join(folder, 'open') })
  for (let i = 0; i < 2; i++) t.match((await RawSocket.open(t, open.port)).frames, [{ type: 'hello' }])
})
