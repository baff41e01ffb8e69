import type { TransportName } from '@cuewire/protocol'
import t from 'tap'
import { onEachTransport } from '../../../support/on-each-transport.js'
import { RawHttp } from '../../../support/raw-http.js'
import { startServer } from '../../../support/server.js'

const test = onEachTransport(t)
const HOST = 'Host: 127.0.0.1\r\n'
const UPGRADE = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: cuewire.v1',
].join('\r\n')

/** The status of each request's reply; undefined where the connection ends without one. */
async function statuses(port: number, t: Parameters<typeof RawHttp.open>[0], requests: readonly string[]) {
  const replies = requests.map(request => RawHttp.open(t, port).send(Buffer.from(request, 'latin1')).response())
  return (await Promise.all(replies)).map(reply => reply?.status)
}

/** The expected status on each transport. */
type Row = readonly [request: string, on: Readonly<Record<TransportName, number | undefined>>]

test('a malformed head is answered or cut as PROTOCOL.md says', async (t, transport) => {
  const { port } = await startServer(t)
  const rows: readonly Row[] = [
    ['GET /healthz HTTP/1.1\r\nAccept: */*\r\n\r\n', { uws: 400, ws: 400 }],
    [`GET /v1/socket HTTP/1.1\r\n${UPGRADE}\r\n\r\n`, { uws: 400, ws: 400 }],
    ['GET /healthz HTTP/1.1\r\n\r\n', { uws: undefined, ws: 400 }],
    [`GET /healthz HTTP/1.1\r\n${HOST}${HOST}\r\n`, { uws: 403, ws: 403 }],
    [`GET /healthz HTTP/1.1\r\n${HOST}X-A : b\r\n\r\n`, { uws: undefined, ws: 400 }],
    [`GET /healthz HTTP/1.1\r\n${HOST}X-A: b\r\n c\r\n\r\n`, { uws: undefined, ws: 400 }],
    [`GET /healthz HTTP/1.1\r\n${HOST}X-A\r\n\r\n`, { uws: undefined, ws: 400 }],
    [`GET /healthz HTTP/1.1\r\n${HOST}X-A: \0\r\n\r\n`, { uws: undefined, ws: 400 }],
    [`GET /healthz HTTP/1.1\r\n${HOST}: b\r\n\r\n`, { uws: 200, ws: 400 }],
    [`get /healthz HTTP/1.1\r\n${HOST}\r\n`, { uws: 405, ws: 400 }],
    [`BREW /healthz HTTP/1.1\r\n${HOST}\r\n`, { uws: 405, ws: 400 }],
    [`\r\nGET /healthz HTTP/1.1\r\n${HOST}\r\n`, { uws: 505, ws: 200 }],
  ]
  const found = await statuses(
    port,
    t,
    rows.map(([request]) => request),
  )
  for (const [i, [request, expected]] of rows.entries()) t.equal(found[i], expected[transport], JSON.stringify(request))
})

test('a target with scheme and host is read as its path on ws, and refused by uWebSockets.js', async (t, transport) => {
  const { port } = await startServer(t)
  const rows: readonly (readonly [request: string, onWs: number])[] = [
    [`GET http://127.0.0.1/healthz HTTP/1.1\r\n${HOST}\r\n`, 200],
    [`GET HTTPS://localhost:1/healthz?a=/b HTTP/1.1\r\n${HOST}\r\n`, 200],
    [`GET http://127.0.0.1 HTTP/1.1\r\n${HOST}\r\n`, 200],
    [`GET http://127.0.0.1?a HTTP/1.1\r\n${HOST}\r\n`, 200],
    ['GET http://127.0.0.1/healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n', 200],
    [`GET http://evil.example/healthz HTTP/1.1\r\n${HOST}\r\n`, 403],
    [`GET http://127.0.0.1@evil.example/healthz HTTP/1.1\r\n${HOST}\r\n`, 403],
    [`GET http://127.0.0.1/v1/socket HTTP/1.1\r\n${HOST}${UPGRADE}\r\n\r\n`, 101],
    [`GET http://evil.example/v1/socket HTTP/1.1\r\n${HOST}${UPGRADE}\r\n\r\n`, 403],
    [`GET ftp://127.0.0.1/healthz HTTP/1.1\r\n${HOST}\r\n`, 404],
    [`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 404],
    [`CONNECT 127.0.0.1:80 HTTP/1.1\r\n${HOST}\r\n`, 404],
  ]
  const found = await statuses(
    port,
    t,
    rows.map(([request]) => request),
  )
  for (const [i, [request, onWs]] of rows.entries()) t.equal(found[i], transport === 'ws' ? onWs : 505, request)
})
