import t from 'tap'
import { onEachTransport } from '../../../support/on-each-transport.js'
import { RawHttp } from '../../../support/raw-http.js'
import { startServer } from '../../../support/server.js'

const test = onEachTransport(t)

const HOST = 'Host: 127.0.0.1\r\n'

test('a request whose length is ambiguous is refused, and nothing after it is read', async t => {
  const { port } = await startServer(t)
  const created = await RawHttp.open(t, port)
    .request('POST', '/v1/uploads', { 'tus-resumable': '1.0.0', 'upload-length': '10' })
    .response()
  const upload = `/v1/${created?.headers['location']}`
  const smuggled = `DELETE ${upload} HTTP/1.1\r\n${HOST}Tus-Resumable: 1.0.0\r\n\r\n`
  const chunked = `5\r\nhello\r\n0\r\n\r\n`

  const cases: [what: string, headers: string, body: string][] = [
    ['two lengths that differ', 'Content-Length: 5\r\nContent-Length: 0\r\n', 'hello'],
    ['the same, the shorter one first', 'Content-Length: 0\r\nContent-Length: 5\r\n', ''],
    ['two lengths that are equal', 'Content-Length: 5\r\nContent-Length: 5\r\n', 'hello'],
    ['a list of lengths', 'Content-Length: 5, 5\r\n', 'hello'],
    ['a signed length', 'Content-Length: +5\r\n', 'hello'],
    ['a negative length', 'Content-Length: -5\r\n', 'hello'],
    ['a hexadecimal length', 'Content-Length: 0x5\r\n', 'hello'],
    ['an empty length', 'Content-Length: \r\n', ''],
    ['a length beyond all numbers', 'Content-Length: 18446744073709551621\r\n', 'hello'],
    ['length and encoding', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', chunked],
    ['length and an empty encoding', 'Content-Length: 5\r\nTransfer-Encoding:\r\n', 'hello'],
    ['an encoding that is none', 'Transfer-Encoding: identity\r\n', ''],
    ['almost chunked', 'Transfer-Encoding: xchunked\r\n', chunked],
    ['chunked twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', chunked],
    ['something after chunked', 'Transfer-Encoding: chunked, identity\r\n', chunked],
  ]
  for (const [what, headers, body] of cases) {
    for (const [path, more] of [
      ['/healthz', ''],
      ['/v1/socket', 'Upgrade: websocket\r\nConnection: Upgrade\r\n'],
    ]) {
      const head = `POST ${path} HTTP/1.1\r\n${HOST}${more}${headers}\r\n`
      const answer = await RawHttp.open(t, port).send(`${head}${body}${smuggled}`).rest()
      t.notMatch(answer, /HTTP\/1.1 (2|404)/, `${what} on ${path}`)
      t.match(await RawHttp.open(t, port).send(head).rest(), /^(HTTP\/1.1 400 .*)?$/s, `${what} on ${path}, alone`)
    }
  }
  const left = await RawHttp.open(t, port).request('HEAD', upload, { 'tus-resumable': '1.0.0' }).response('HEAD')
  t.equal(left?.status, 200, 'none of the smuggled requests was heard')
})

test('the refusal says what is wrong, and ends the connection', async t => {
  const { port } = await startServer(t)
  for (const first of [0, 5]) {
    const lengths = `Content-Length: ${first}\r\nContent-Length: 6\r\n`
    const raw = RawHttp.open(t, port).send(`GET /healthz HTTP/1.1\r\n${HOST}${lengths}\r\n`)
    const answer = await raw.response()
    t.match(answer, { status: 400, headers: { connection: 'close' } })
    t.match(JSON.parse(answer?.body ?? ''), { code: 'http.framing', detail: /Content-Length/ })
    t.equal(await raw.rest(), '')
  }
})

test('a body in chunks is read like any other', async t => {
  const { port } = await startServer(t)
  const tus = { 'tus-resumable': '1.0.0' }
  const raw = RawHttp.open(t, port)
  const created = await raw.request('POST', '/v1/uploads', { ...tus, 'upload-length': '20' }).response()
  const upload = `/v1/${created?.headers['location']}`
  const patch = { ...tus, 'content-type': 'application/offset+octet-stream', 'transfer-encoding': 'chunked' }
  raw.request('PATCH', upload, { ...patch, 'upload-offset': '0' }, '5\r\nhello\r\n')
  raw.send('A\r\n and again\r\n').send('0\r\n\r\n')
  t.match(await raw.response('PATCH'), { status: 204, headers: { 'upload-offset': '15' } })
  t.match(await raw.request('HEAD', upload, tus).response('HEAD'), { headers: { 'upload-offset': '15' } })
})

test('a client that waits for 100 Continue gets it', async t => {
  const { port } = await startServer(t)
  const raw = RawHttp.open(t, port)
  raw.request('POST', '/v1/uploads', { 'tus-resumable': '1.0.0', expect: '100-continue', 'content-length': '5' })
  t.equal((await raw.response())?.status, 100)
})

test('a head of up to 16 KB is taken, however it is cut into packets', async t => {
  const { port } = await startServer(t)
  for (const [size, status] of [
    [6000, 200],
    [15_000, 200],
    [20_000, 431],
  ] as const) {
    for (const cut of [1, size / 2, size]) {
      const raw = RawHttp.open(t, port)
      const request = `GET /healthz HTTP/1.1\r\n${HOST}X-Long: ${'x'.repeat(size)}\r\n\r\n`
      raw.send(request.slice(0, cut))
      await new Promise(resolve => setTimeout(resolve, 20))
      t.equal((await raw.send(request.slice(cut)).response())?.status, status, `${size} bytes, cut after ${cut}`)
    }
  }
})

test('HTTP/1.0, as nginx speaks it by default, is answered with the reason', async t => {
  const { port } = await startServer(t)
  const answer = await RawHttp.open(t, port).send(`GET /healthz HTTP/1.0\r\n${HOST}Connection: close\r\n\r\n`).rest()
  t.match(answer, /^HTTP\/1.1 505 .*does not support HTTP\/1.0/s)
})

test('Connection: close is heeded', async t => {
  const { port } = await startServer(t)
  const raw = RawHttp.open(t, port).request('HEAD', '/healthz', { connection: 'close' })
  t.equal((await raw.response('HEAD'))?.status, 200)
  t.equal(await raw.rest(), '')
})
