import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import t from 'tap'
import { clipMaker } from '../../support/clips.js'
import { onEachTransport } from '../../support/on-each-transport.js'
import { startServer } from '../../support/server.js'
import { SECRET } from '../../support/tokens.js'

const test = onEachTransport(t)

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
}

function ask(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | Uint8Array = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false })
    outgoing.on('response', response => {
      response.resume()
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Where an upload is that was created at `/v1/uploads`. */
const pathOf = ({ headers }: Answer) => new URL(String(headers['location']), 'http://localhost/v1/uploads').pathname

const TUS = { 'tus-resumable': '1.0.0' }
const PATCH = { ...TUS, 'content-type': 'application/offset+octet-stream' }

test('a reply without a body has no length, or a client would wait for it', async t => {
  const { port } = await startServer(t)
  for (const [method, path] of [
    ['OPTIONS', '/v1/uploads'],
    ['OPTIONS', '/healthz'],
  ] as const) {
    const { status, headers } = await ask(port, method, path, {})
    t.equal(status, 204)
    t.notOk('content-length' in headers, `${method} ${path}`)
  }
})

test('tus: what it speaks, creation, PATCH by pieces, HEAD, termination', async t => {
  const { port } = await startServer(t)
  const options = await ask(port, 'OPTIONS', '/v1/uploads', {})
  t.match(options.headers, { 'tus-version': '1.0.0', 'tus-extension': /creation/, 'tus-max-size': String })

  const created = await ask(port, 'POST', '/v1/uploads', {
    ...TUS,
    'upload-length': '10',
    'upload-metadata': `filename ${btoa('a.mp4')},title ${btoa('A')}`,
  })
  t.equal(created.status, 201)
  const path = pathOf(created)
  t.match(created.headers['location'], /^uploads\/[0-9A-Z]{26}$/, 'relative, for proxies with a prefix')
  t.ok(created.headers['upload-expires'])

  const first = await ask(port, 'PATCH', path, { ...PATCH, 'upload-offset': '0' }, 'hello')
  t.match(first, { status: 204, headers: { 'upload-offset': '5', 'tus-resumable': '1.0.0' } })
  t.notOk('content-length' in first.headers)
  const head = await ask(port, 'HEAD', path, TUS)
  t.match(head, { status: 200, headers: { 'upload-offset': '5', 'upload-length': '10', 'cache-control': 'no-store' } })

  t.equal((await ask(port, 'DELETE', path, TUS)).status, 204)
  t.equal((await ask(port, 'HEAD', path, TUS)).status, 404)
})

test('tus: each refusal has its status', async t => {
  const { port } = await startServer(t)
  const created = await ask(port, 'POST', '/v1/uploads', { ...TUS, 'upload-length': '10' })
  const path = pathOf(created)
  const nobody = '/v1/uploads/01JD7Z0V3N8W6XQ2K4T5R9M1AB'
  const cases: [method: string, path: string, headers: Record<string, string>, status: number][] = [
    ['POST', '/v1/uploads', { 'upload-length': '10' }, 412],
    ['POST', '/v1/uploads', { 'tus-resumable': '0.2.2', 'upload-length': '10' }, 412],
    ['POST', '/v1/uploads', TUS, 400],
    ['POST', '/v1/uploads', { ...TUS, 'upload-length': 'ten' }, 400],
    ['POST', '/v1/uploads', { ...TUS, 'upload-length': '0' }, 400],
    ['POST', '/v1/uploads', { ...TUS, 'upload-length': '99999999999' }, 413],
    ['POST', '/v1/uploads', { ...TUS, 'upload-length': '10', 'upload-metadata': 'filename %%%' }, 400],
    ['POST', '/v1/uploads', { ...TUS, 'upload-length': '10', 'upload-concat': 'partial' }, 400],
    ['POST', '/v1/uploads', { ...TUS, 'upload-concat': 'final;/v1/uploads/a /v1/uploads/b' }, 400],
    ['POST', '/v1/uploads', { ...TUS, 'upload-defer-length': '1' }, 400],
    ['PATCH', path, { ...PATCH, 'upload-offset': '0', 'upload-checksum': 'sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=' }, 400],
    ['GET', path, TUS, 405],
    ['PUT', '/v1/uploads', TUS, 405],
    ['PATCH', path, { ...TUS, 'upload-offset': '0' }, 415],
    ['PATCH', path, PATCH, 400],
    ['PATCH', path, { ...PATCH, 'upload-offset': '3' }, 409],
    ['PATCH', nobody, { ...PATCH, 'upload-offset': '0' }, 404],
    ['PATCH', '/v1/uploads/..', { ...PATCH, 'upload-offset': '0' }, 404],
    ['HEAD', nobody, TUS, 404],
    ['DELETE', nobody, TUS, 404],
  ]
  // Of four bytes and two UTF-16 units each.
  for (const [fishes, status] of [
    [255, 201],
    [256, 400],
  ] as const) {
    const filename = Buffer.from('🐟'.repeat(fishes)).toString('base64')
    cases.push([
      'POST',
      '/v1/uploads',
      { ...TUS, 'upload-length': '10', 'upload-metadata': `filename ${filename}` },
      status,
    ])
  }
  for (const [method, where, headers, status] of cases) {
    const answer = await ask(port, method, where, headers, method === 'PATCH' ? 'x' : '')
    t.equal(answer.status, status, `${method} ${where} ${JSON.stringify(headers)}`)
  }
})

test('tus: bytes beyond the length are refused, whether or not the upload is finished', async t => {
  const { make } = await clipMaker(t)
  const bytes = await readFile(await make('beep.wav', ['-f', 'lavfi', '-i', 'sine', '-t', '1']))
  const { port } = await startServer(t, { CUEWIRE_ROLE: 'gateway' })
  const size = bytes.length
  const path = pathOf(await ask(port, 'POST', '/v1/uploads', { ...TUS, 'upload-length': String(size) }))
  const patch = (offset: number, body: Uint8Array, framing = {}) =>
    ask(port, 'PATCH', path, { ...PATCH, 'upload-offset': String(offset), ...framing }, body)
  const chunked = { 'transfer-encoding': 'chunked' }
  const rest = bytes.subarray(-10)
  t.equal((await patch(0, bytes.subarray(0, -10))).status, 204)
  for (const framing of [{}, chunked]) {
    t.equal((await patch(size - 10, Buffer.concat([rest, rest]), framing)).status, 413)
  }
  t.match(await patch(size - 10, rest), { status: 204, headers: { 'upload-offset': String(size) } })
  for (const framing of [{}, chunked]) {
    t.equal((await patch(size, rest, framing)).status, 413)
    t.equal((await patch(size - 10, rest, framing)).status, 409)
    t.match(await patch(size, Buffer.alloc(0), framing), { status: 204, headers: { 'upload-offset': String(size) } })
  }
  t.match(await ask(port, 'HEAD', path, TUS), { status: 200, headers: { 'upload-offset': String(size) } })
})

test('tus: with as many unfinished uploads as there may be, creation is 429 until one is gone', async t => {
  const { port } = await startServer(t, { CUEWIRE_OPEN_UPLOADS: '2' })
  const create = () => ask(port, 'POST', '/v1/uploads', { ...TUS, 'upload-length': '10' })
  const path = pathOf(await create())
  t.equal((await create()).status, 201)
  t.match(await create(), { status: 429, headers: { 'tus-resumable': '1.0.0' } })
  t.equal((await ask(port, 'DELETE', path, TUS)).status, 204)
  t.equal((await create()).status, 201)
})

test('tus: a trailing slash changes nothing but what Location is relative to', async t => {
  const { port } = await startServer(t)
  const created = await ask(port, 'POST', '/v1/uploads/', { ...TUS, 'upload-length': '10' })
  const location = String(created.headers['location'])
  t.match(location, /^[0-9A-Z]{26}$/)
  for (const path of [`/v1/uploads/${location}`, `/v1/uploads/${location}/`]) {
    t.match(await ask(port, 'HEAD', path, TUS), { status: 200, headers: { 'upload-offset': '0' } })
  }
  t.equal((await ask(port, 'OPTIONS', '/v1/uploads/', {})).status, 204)
})

test('tus: X-HTTP-Method-Override stands for the method, whatever that is', async t => {
  const { port } = await startServer(t)
  const override = (method: string) => ({ ...TUS, 'x-http-method-override': method })
  const created = await ask(port, 'GET', '/v1/uploads', { ...override('POST'), 'upload-length': '10' })
  t.equal(created.status, 201)
  const path = pathOf(created)
  const patch = { ...PATCH, ...override('PATCH'), 'upload-offset': '0' }
  t.match(await ask(port, 'POST', path, patch, 'hello'), { status: 204, headers: { 'upload-offset': '5' } })
  const head = await ask(port, 'POST', path, override('head'))
  t.match(head, { status: 200, headers: { 'upload-offset': '5', 'content-length': '0' } })
  t.equal((await ask(port, 'DELETE', path, override('GET'))).status, 405, 'the actual method is ignored')
  t.equal((await ask(port, 'POST', path, override('DELETE'))).status, 204)
  t.equal((await ask(port, 'HEAD', path, TUS)).status, 404)
  t.equal((await ask(port, 'POST', '/healthz', { 'x-http-method-override': 'GET' })).status, 405, 'for tus only')
})

test('tus: HEAD gives back the metadata as it came, until the upload is a video', async t => {
  const { port } = await startServer(t)
  const metadata = `filename ${btoa('a.mp4')}, is_confidential,relativePath bnVsbA==`
  const created = await ask(port, 'POST', '/v1/uploads', { ...TUS, 'upload-length': '10', 'upload-metadata': metadata })
  const head = await ask(port, 'HEAD', pathOf(created), TUS)
  t.equal(head.headers['upload-metadata'], metadata)
  const plain = await ask(port, 'POST', '/v1/uploads', { ...TUS, 'upload-length': '10' })
  t.notOk('upload-metadata' in (await ask(port, 'HEAD', pathOf(plain), TUS)).headers)
})

test('tus: bytes may come with the creation', async t => {
  const { port } = await startServer(t, { CUEWIRE_OPEN_UPLOADS: '1' })
  const create = (body: string, headers: Record<string, string> = PATCH) =>
    ask(port, 'POST', '/v1/uploads', { ...headers, 'upload-length': '10' }, body)
  t.match(await ask(port, 'OPTIONS', '/v1/uploads', {}), { headers: { 'tus-extension': /creation-with-upload/ } })

  t.equal((await create('hello', { ...TUS, 'content-type': 'text/plain' })).status, 415)
  t.equal((await create('longer than it said')).status, 413)
  t.equal((await create('no video !')).status, 422)
  // None of them left an upload, as there may be only one.
  const created = await create('hello')
  t.match(created, { status: 201, headers: { 'upload-offset': '5' } })
  t.match(await ask(port, 'HEAD', pathOf(created), TUS), { headers: { 'upload-offset': '5', 'upload-length': '10' } })
  t.equal((await create('hello')).status, 429)
})

test('tus: refusals name the version too', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
  for (const [method, path, status] of [
    ['POST', '/v1/uploads', 401],
    ['PUT', '/v1/uploads', 405],
  ] as const) {
    t.match(await ask(port, method, path, {}), {
      status,
      headers: { 'tus-resumable': '1.0.0', 'tus-version': '1.0.0' },
    })
  }
})
