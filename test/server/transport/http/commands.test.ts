import { request } from 'node:http'
import { COMMANDS, LIMITS } from '@cuewire/protocol'
import fc from 'fast-check'
import t from 'tap'
import { postCommand } from '../../../support/post-command.js'
import { RawSocket } from '../../../support/raw-socket.js'
import { startServer } from '../../../support/server.js'
import { SECRET, token } from '../../../support/tokens.js'

const nested = (levels: number) => `{"x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
const withValues = (count: number) => `{${Array.from({ length: count }, (_, at) => `"${at}":1`)}}`

t.test('a command without body and headers is answered, as by hand', async t => {
  const { port } = await startServer(t)
  const answer = await postCommand(port, 'video.list')
  t.match(answer, { status: 200, body: { videos: [] } })
  t.equal(answer.headers.get('content-type'), 'application/json')
  t.equal(answer.headers.get('cache-control'), 'no-store')
  t.match(await postCommand(port, 'ping', { data: '', headers: { 'content-type': 'text/plain' } }), { status: 200 })
})

t.test('each fault of a request has its code and status', async t => {
  const { port } = await startServer(t)
  const json = { 'content-type': 'application/json' }
  const cases: [
    name: string,
    data: string | undefined,
    headers: Record<string, string>,
    status: number,
    code: string,
  ][] = [
    ['no.such', undefined, {}, 404, 'command.unknown'],
    ['constructor', undefined, {}, 404, 'command.unknown'],
    ['video.get', undefined, {}, 400, 'command.invalid'],
    ['video.get', '{"videoId":"01JD7Z0V3N8W6XQ2K4T5R9M1AB"}', json, 404, 'video.not_found'],
    ['ping', '{"__proto__":{"polluted":true}}', json, 400, 'command.invalid'],
    ['ping', 'nonsense', json, 400, 'frame.not_json'],
    ['ping', '[]', json, 400, 'command.invalid'],
    ['ping', 'null', json, 400, 'command.invalid'],
    ['ping', nested(LIMITS.depth), json, 400, 'command.invalid'],
    ['ping', nested(LIMITS.depth + 1), json, 400, 'frame.too_deep'],
    ['ping', withValues(LIMITS.values), json, 400, 'command.invalid'],
    ['ping', withValues(LIMITS.values + 1), json, 400, 'frame.too_many_values'],
    ['ping', JSON.stringify('x'.repeat(LIMITS.frameBytes - 2)), json, 400, 'command.invalid'],
    ['ping', JSON.stringify('x'.repeat(LIMITS.frameBytes - 1)), json, 413, 'frame.too_large'],
    ['ping', '{}', { 'content-type': 'text/plain' }, 415, 'http.media_type'],
    ['ping', '{}', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'http.media_type'],
    ['ping', '{}', { 'content-type': 'application/json; charset=latin1' }, 415, 'http.media_type'],
    ['chat.create', '{}', { ...json, 'idempotency-key': 'x'.repeat(129) }, 400, 'frame.invalid'],
    ['chat.create', '{}', { ...json, 'idempotency-key': '' }, 400, 'frame.invalid'],
  ]
  for (const [name, data, headers, status, code] of cases) {
    const label = `${name} ${data?.slice(0, 20) ?? 'without a body'} ${JSON.stringify(headers).slice(0, 50)}`
    const answer = await postCommand(port, name, { headers, ...(data !== undefined && { data }) })
    t.match(answer, { status, body: { code, status, retryable: false } }, label)
    t.equal(answer.headers.get('content-type'), 'application/problem+json', label)
  }
  t.match(
    await postCommand(port, 'ping', { data: '{}', headers: { 'content-type': 'Application/JSON; Charset="UTF-8"' } }),
    {
      status: 200,
    },
  )
  t.match(await postCommand(port, 'ping', { data: {}, headers: { traceparent: 'made up by a proxy' } }), {
    status: 200,
  })
})

t.test('a body that is no UTF-8, or grows too large in chunks, is refused', async t => {
  const { port } = await startServer(t)
  const send = (chunks: readonly Buffer[]) =>
    new Promise<string>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
      const outgoing = request({ port, method: 'POST', path: '/v1/commands/ping', headers, agent: false })
      outgoing.on('error', reject)
      outgoing.on('response', async response => {
        let text = ''
        for await (const chunk of response) text += String(chunk)
        resolve(String((JSON.parse(text) as { readonly code?: string }).code))
      })
      for (const chunk of chunks) outgoing.write(chunk)
      outgoing.end()
    })
  t.equal(await send([Buffer.from([0x22, 0xff, 0x22])]), 'frame.not_json')
  t.equal(await send(Array.from({ length: 9 }, () => Buffer.alloc(64 * 1024, 0x20))), 'frame.too_large')
  t.equal(await send([Buffer.from('{'), Buffer.from('}')]), 'undefined', 'a good one in chunks is a reply')
})

t.test('other methods are refused with those there are, and pages of allowed origins may send commands', async t => {
  const origin = 'https://app.example'
  const { port } = await startServer(t, { CUEWIRE_ORIGINS: origin })
  const url = `http://127.0.0.1:${port}/v1/commands/chat.create`
  for (const method of ['GET', 'PUT', 'DELETE', 'HEAD']) {
    const response = await fetch(url, { method })
    t.equal(response.status, 405, method)
    t.equal(response.headers.get('allow'), 'POST, OPTIONS', method)
  }
  const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin } })
  t.equal(preflight.status, 204)
  t.equal(preflight.headers.get('access-control-allow-origin'), origin)
  const allowed = preflight.headers.get('access-control-allow-headers')?.split(', ') ?? []
  for (const name of ['authorization', 'content-type', 'idempotency-key', 'traceparent'])
    t.ok(allowed.includes(name), name)
  t.match(await postCommand(port, 'ping', { headers: { origin: 'https://other.example' } }), { status: 403 })
})

t.test('a command costs as much as over the WebSocket, and the refusal says when there is room again', async t => {
  const { port } = await startServer(t, {
    CUEWIRE_JWT_SECRET: SECRET,
    CUEWIRE_COMMANDS_PER_SECOND: '1',
    CUEWIRE_COMMAND_BURST: '100',
  })
  const { cost } = COMMANDS['search.query']
  const headers = { authorization: `Bearer ${token({ scope: 'read' })}` }
  let spent = 0
  let answer = await postCommand(port, 'search.query', { data: { query: 'x' }, headers })
  for (; answer.status === 200; spent += cost) {
    answer = await postCommand(port, 'search.query', { data: { query: 'x' }, headers })
  }
  // A principal has five times the burst of a connection; meanwhile some came in again.
  t.ok(spent >= 500 - cost && spent < 800, `${spent} tokens spent`)
  t.match(answer, { status: 429, body: { code: 'limit.rate', retryable: true, retryAfterMs: Number } })
  t.equal(answer.headers.get('retry-after'), String(Math.ceil(Number(answer.body['retryAfterMs']) / 1000)))
})

t.test('commands under way are bounded for each principal', async t => {
  const { port } = await startServer(t)
  const data = { filename: 'a.mp4', sizeBytes: 5 }
  const answers = await Promise.all(Array.from({ length: 300 }, () => postCommand(port, 'video.create', { data })))
  const refused = answers.filter(({ body }) => body.code === 'limit.in_flight')
  t.ok(refused.length > 0 && refused.length < answers.length, `${refused.length} of ${answers.length} refused`)
  for (const { status, body } of refused) t.match({ status, body }, { status: 429, body: { retryable: true } })
})

t.test('a server that shuts down refuses commands with 503', async t => {
  const app = await startServer(t)
  // More than the server says goodbye to at once, so that its end takes a while.
  for (let i = 0; i < 300; i++) await RawSocket.open(t, app.port)
  void app.close()
  const answer = await postCommand(app.port, 'ping')
  t.match(answer, { status: 503, body: { code: 'server.draining', retryable: true, retryAfterMs: 2000 } })
  t.equal(answer.headers.get('retry-after'), '2')
})

t.test('no body and no key make the server fail', async t => {
  const { port } = await startServer(t)
  const bodies = fc.oneof(fc.string({ minLength: 1 }), fc.json(), fc.json({ maxDepth: 20 }))
  const names = fc.constantFrom('ping', 'video.get', 'video.create', 'chat.create', 'search.query', 'timeline.get')
  const keys = fc.option(fc.stringMatching(/^[\x21-\x7e]{0,140}$/), { nil: undefined })
  await fc.assert(
    fc.asyncProperty(names, bodies, keys, async (name, data, key) => {
      const headers = { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) }
      const { status, body } = await postCommand(port, name, { data, headers })
      return status === 200 || (status < 500 && body.code !== undefined)
    }),
    { numRuns: 300 },
  )
  t.match(await postCommand(port, 'ping'), { status: 200 })
})
