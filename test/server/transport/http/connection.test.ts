import t from 'tap'
import { onEachTransport } from '../../../support/on-each-transport.js'
import { RawHttp } from '../../../support/raw-http.js'
import { startServer } from '../../../support/server.js'

const test = onEachTransport(t)
const HOST = 'Host: 127.0.0.1\r\n'
const HEALTH = `GET /healthz HTTP/1.1\r\n${HOST}\r\n`

test('an upgrade to something else is passed over, and the request served', async t => {
  const { port } = await startServer(t)
  const raw = RawHttp.open(t, port)
  const h2c = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' }
  t.match(await raw.request('GET', '/healthz', h2c).response(), { status: 200 })
  const tus = { 'tus-resumable': '1.0.0', 'upload-length': '10' }
  const created = await raw.request('POST', '/v1/uploads', { ...h2c, ...tus }).response()
  const patch = { ...h2c, ...tus, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' }
  raw.request('PATCH', `/v1/${created?.headers['location']}`, { ...patch, 'content-length': '5' }, 'hello')
  t.match(await raw.response(), { status: 204, headers: { 'upload-offset': '5' } }, 'with its body')
  t.match(await raw.request('GET', '/healthz').response(), { status: 200 })
})

test('requests in one packet are answered while each is answered at once; else the connection is cut', async t => {
  const { port } = await startServer(t)
  const raw = RawHttp.open(t, port).send(`${HEALTH}${HEALTH}`)
  t.match([await raw.response(), await raw.response()], [{ status: 200 }, { status: 200 }])
  // Its parts are asked first, which takes more than a tick.
  const ready = `GET /readyz HTTP/1.1\r\n${HOST}\r\n`
  t.equal(await RawHttp.open(t, port).send(`${ready}${HEALTH}`).rest(), '')
})

test('what is no HTTP ends its connection with a status', async t => {
  const { port } = await startServer(t)
  for (const bytes of ['garbage\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01', `GET / HTTP/3.0\r\n${HOST}\r\n`]) {
    const answer = await RawHttp.open(t, port).send(Buffer.from(bytes, 'latin1')).rest()
    t.match(answer, /^HTTP\/1\.1 (400|505) .*connection: close/is, bytes)
  }
  t.match(await RawHttp.open(t, port).send(HEALTH).response(), { status: 200 })
})

test('a client that goes away before its body is read is no fault of the server', async t => {
  const { port } = await startServer(t)
  for (let i = 0; i < 20; i++) {
    const raw = RawHttp.open(t, port)
    raw.request('POST', '/v1/uploads', {
      'tus-resumable': '1.0.0',
      'upload-length': '10',
      'content-type': 'application/offset+octet-stream',
      'content-length': '5',
    })
    if (i % 2 === 0) await new Promise(resolve => setImmediate(resolve))
    raw.socket.resetAndDestroy()
  }
  t.match(await RawHttp.open(t, port).send(HEALTH).response(), { status: 200 })
})

t.test('on ws a client that still sends gets the reply to a body that is refused', async t => {
  const { port } = await startServer(t, { CUEWIRE_TRANSPORT: 'ws' })
  const raw = RawHttp.open(t, port)
  const megabytes = 20
  raw.request('PUT', '/healthz', { 'content-length': String(megabytes * 1024 * 1024) })
  for (let i = 0; i < megabytes; i++) raw.send(Buffer.alloc(1024 * 1024))
  t.match(await raw.response(), { status: 405, headers: { connection: 'close' } })
  t.equal(await raw.rest(), '')
})
