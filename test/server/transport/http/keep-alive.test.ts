import { Agent, request } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { onEachTransport } from '../../../support/on-each-transport.js'
import { RawHttp } from '../../../support/raw-http.js'
import { seedTenant } from '../../../support/seeded-tenant.js'
import { startServer } from '../../../support/server.js'
import { testFolder } from '../../../support/test-folder.js'
import { SECRET } from '../../../support/tokens.js'

const test = onEachTransport(t)

const TUS = { 'tus-resumable': '1.0.0' }
const PATCH = { ...TUS, 'content-type': 'application/offset+octet-stream' }
const NO_ID = '01JD7Z0V3N8W6XQ2K4T5R9M1AB'

test('after every reply the connection takes the next request', async t => {
  const folder = testFolder(t, { data: {}, models: {} })
  const dataDir = join(folder, 'data')
  const { videoId } = await seedTenant(dataDir, 'default', { word: 'boats', jobState: 'completed' })
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir, CUEWIRE_MODELS_DIR: join(folder, 'models') })
  const raw = RawHttp.open(t, port)
  const media = `/v1/videos/${videoId}/media`
  const etag = (await raw.request('GET', media).response())?.headers['etag'] ?? ''
  const created = await raw.request('POST', '/v1/uploads', { ...TUS, 'upload-length': '10' }).response()
  const upload = `/v1/${created?.headers['location']}`

  const cases: [method: string, path: string, headers: Record<string, string>, status: number, body?: string][] = [
    ['HEAD', '/healthz', {}, 200],
    ['HEAD', '/healthz/', {}, 200],
    ['HEAD', '/readyz', {}, 503],
    ['HEAD', '/metrics', {}, 200],
    ['HEAD', '/schema.json', {}, 200],
    ['HEAD', '/nowhere', {}, 404],
    ['HEAD', '/v1/socket', {}, 426],
    ['HEAD', '/v1/tickets', {}, 405],
    ['HEAD', '/healthz', { host: 'evil.example' }, 403],
    ['HEAD', media, {}, 200],
    ['HEAD', media, { range: 'bytes=0-3' }, 200],
    ['HEAD', media, { 'if-none-match': etag }, 304],
    ['GET', media, { 'if-none-match': `"other", W/${etag}` }, 304],
    ['GET', media, { range: 'bytes=0-3' }, 206],
    ['GET', media, { range: 'bytes=0-1,3-4' }, 200],
    ['GET', media, { range: 'bytes=99-' }, 416],
    ['HEAD', `/v1/videos/${videoId}/poster.jpg`, {}, 200],
    ['HEAD', `/v1/videos/${videoId}/frames/99999.jpg`, {}, 404],
    ['GET', `/v1/videos/${videoId}/frames/1.5.jpg`, { 'if-none-match': 'W/"1.5"' }, 304],
    ['HEAD', upload, TUS, 200],
    ['HEAD', upload, {}, 412],
    ['HEAD', `/v1/uploads/${NO_ID}`, TUS, 404],
    ['OPTIONS', '/v1/uploads', {}, 204],
    ['OPTIONS', '/healthz', {}, 204],
    ['PATCH', upload, { ...PATCH, 'upload-offset': '0', 'content-length': '5' }, 204, 'hello'],
    ['DELETE', upload, TUS, 204],
    ['GET', '/healthz', { 'content-length': '5' }, 200, 'hello'],
  ]
  for (const [method, path, headers, status, body] of cases) {
    const name = `${method} ${path} ${JSON.stringify(headers)}`
    // A GET whose body is not read is answered too, and then closed.
    const closes = method === 'GET' && body !== undefined
    const line = closes ? RawHttp.open(t, port) : raw
    const answer = await line.request(method, path, headers, body).response(method)
    t.equal(answer?.status, status, name)
    if (closes) t.equal(answer?.headers['connection'], 'close')
    if (status === 204 || status === 304) t.notOk('content-length' in (answer?.headers ?? {}), name)
    if (method === 'HEAD' && status !== 304) {
      const whole = await raw.request('GET', path, headers).response()
      const length = path.endsWith('readyz') || path.endsWith('metrics') ? undefined : whole?.headers['content-length']
      if (whole?.status === status && length) t.equal(answer?.headers['content-length'], length, 'the length of GET')
    }
    t.equal((await raw.request('GET', '/healthz').response())?.status, 200, `the request after ${name}`)
  }
})

test('a refusal for want of a token leaves the connection open', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
  const raw = RawHttp.open(t, port)
  for (const path of ['/metrics', `/v1/videos/${NO_ID}/media`, `/v1/uploads/${NO_ID}`]) {
    t.match(await raw.request('HEAD', path, TUS).response('HEAD'), {
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    })
    t.equal((await raw.request('GET', '/healthz').response())?.status, 200)
  }
})

test('an agent of Node sends fifty HEADs and GETs over one connection', async t => {
  const { port } = await startServer(t)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  const ask = (method: string) =>
    new Promise<boolean>((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, method, path: '/healthz', agent })
      outgoing.on('response', response => response.resume().on('end', () => resolve(outgoing.reusedSocket)))
      outgoing.on('error', reject)
      outgoing.end()
    })
  const reused: boolean[] = []
  for (let i = 0; i < 50; i++) reused.push(await ask('HEAD'), await ask('GET'))
  t.strictSame(reused, [false, ...Array.from({ length: 99 }, () => true)])
})
