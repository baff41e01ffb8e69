import { request } from 'node:http'
import t from 'tap'
import { startServer } from '../../support/server.js'

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
}

function ask(port: number, method: string, path: string, headers: Record<string, string>, body = ''): Promise<Answer> {
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

const TUS = { 'tus-resumable': '1.0.0' }
const PATCH = { ...TUS, 'content-type': 'application/offset+octet-stream' }

t.test('a reply without a body has no length, or a client would wait for it', async t => {
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

t.test('tus: what it speaks, creation, PATCH by pieces, HEAD, termination', async t => {
  const { port } = await startServer(t)
  const options = await ask(port, 'OPTIONS', '/v1/uploads', {})
  t.match(options.headers, { 'tus-version': '1.0.0', 'tus-extension': /creation/, 'tus-max-size': String })

  const created = await ask(port, 'POST', '/v1/uploads', {
    ...TUS,
    'upload-length': '10',
    'upload-metadata': `filename ${btoa('a.mp4')},title ${btoa('A')}`,
  })
  t.equal(created.status, 201)
  const path = String(created.headers['location'])
  t.match(path, /^\/v1\/uploads\/[0-9A-Z]{26}$/)
  t.ok(created.headers['upload-expires'])

  const first = await ask(port, 'PATCH', path, { ...PATCH, 'upload-offset': '0' }, 'hello')
  t.match(first, { status: 204, headers: { 'upload-offset': '5', 'tus-resumable': '1.0.0' } })
  t.notOk('content-length' in first.headers)
  const head = await ask(port, 'HEAD', path, TUS)
  t.match(head, { status: 200, headers: { 'upload-offset': '5', 'upload-length': '10', 'cache-control': 'no-store' } })

  t.equal((await ask(port, 'DELETE', path, TUS)).status, 204)
  t.equal((await ask(port, 'HEAD', path, TUS)).status, 404)
})

t.test('tus: each refusal has its status', async t => {
  const { port } = await startServer(t)
  const created = await ask(port, 'POST', '/v1/uploads', { ...TUS, 'upload-length': '10' })
  const path = String(created.headers['location'])
  const nobody = '/v1/uploads/01JD7Z0V3N8W6XQ2K4T5R9M1AB'
  const cases: [method: string, path: string, headers: Record<string, string>, status: number][] = [
    ['POST', '/v1/uploads', { 'upload-length': '10' }, 412],
    ['POST', '/v1/uploads', { 'tus-resumable': '0.2.2', 'upload-length': '10' }, 412],
    ['POST', '/v1/uploads', TUS, 400],
    ['POST', '/v1/uploads', { ...TUS, 'upload-length': 'ten' }, 400],
    ['POST', '/v1/uploads', { ...TUS, 'upload-length': '0' }, 400],
    ['POST', '/v1/uploads', { ...TUS, 'upload-length': '99999999999' }, 413],
    ['POST', '/v1/uploads', { ...TUS, 'upload-length': '10', 'upload-metadata': 'filename %%%' }, 400],
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

t.test('tus: with as many unfinished uploads as there may be, creation is 429 until one is gone', async t => {
  const { port } = await startServer(t, { CUEWIRE_OPEN_UPLOADS: '2' })
  const create = () => ask(port, 'POST', '/v1/uploads', { ...TUS, 'upload-length': '10' })
  const path = String((await create()).headers['location'])
  t.equal((await create()).status, 201)
  t.match(await create(), { status: 429, headers: { 'tus-resumable': '1.0.0' } })
  t.equal((await ask(port, 'DELETE', path, TUS)).status, 204)
  t.equal((await create()).status, 201)
})
