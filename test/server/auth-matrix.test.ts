import { request } from 'node:http'
import {
  COMMANDS,
  type CommandName,
  type ErrorCode,
  KIND_NAMES,
  KINDS,
  type KindName,
  SCOPES,
  type Scope,
  SOCKET_PATH,
} from '@cuewire/protocol'
import { createRoutes, type RouteParts } from '@cuewire/server/transport/http/routes.js'
import t, { type Test } from 'tap'
import { newId } from '../support/entities.js'
import { onEachTransport } from '../support/on-each-transport.js'
import { RawSocket } from '../support/raw-socket.js'
import { type Seeded, seedTenant } from '../support/seeded-tenant.js'
import { startServer } from '../support/server.js'
import { testFolder } from '../support/test-folder.js'
import { SECRET, secondsFromNow, token, unsigned } from '../support/tokens.js'

const test = onEachTransport(t)

/** In everything that belongs to the tenant acme, and in nothing else. */
const WORD = 'zeppelin'

interface CommandEntry {
  readonly scope: Scope | 'none'
  readonly params: (ids: Seeded) => object
  /** What another tenant is told of these ids; without it the command names none. */
  readonly foreign?: ErrorCode
}

const video = ({ videoId }: Seeded) => ({ videoId })
const job = ({ jobId }: Seeded) => ({ jobId })
const chat = ({ chatId }: Seeded) => ({ chatId })
const srt = { format: 'srt', text: '1\n00:00:01,000 --> 00:00:02,000\nhello\n' }

/** Who may see a video may read every kind of content of it. */
const GET_ENTRIES = Object.fromEntries(
  KIND_NAMES.map(kind => [KINDS[kind].get, { scope: 'read', params: video, foreign: 'video.not_found' }]),
) as Record<(typeof KINDS)[KindName]['get'], CommandEntry>

/** Written by hand, not read from the table it checks. In this order the owner's commands all find what they name. */
const COMMAND_ENTRIES: Record<CommandName, CommandEntry> = {
  ping: { scope: 'none', params: () => ({}) },
  'server.info': { scope: 'none', params: () => ({}) },
  'auth.refresh': { scope: 'none', params: () => ({ token: 'not.a.token' }) },
  subscribe: { scope: 'none', params: ids => ({ topic: `job/${ids.jobId}`, since: 0 }), foreign: 'topic.not_found' },
  unsubscribe: { scope: 'none', params: ids => ({ topic: `job/${ids.jobId}` }) },
  'video.create': { scope: 'write', params: () => ({ filename: 'a.mp4', sizeBytes: 5 }) },
  'video.list': { scope: 'read', params: () => ({}) },
  'video.get': { scope: 'read', params: video, foreign: 'video.not_found' },
  'video.update': { scope: 'write', params: ids => ({ ...video(ids), title: WORD }), foreign: 'video.not_found' },
  ...GET_ENTRIES,
  'timeline.get': { scope: 'read', params: video, foreign: 'video.not_found' },
  'speakers.rename': {
    scope: 'write',
    params: ids => ({ ...video(ids), from: WORD, to: WORD }),
    foreign: 'video.not_found',
  },
  // Ids that are not there narrow a search to nothing.
  'search.query': { scope: 'read', params: ids => ({ query: WORD, videoIds: [ids.videoId] }) },
  'processing.list': { scope: 'read', params: () => ({}) },
  'processing.get': { scope: 'read', params: job, foreign: 'job.not_found' },
  'processing.cancel': { scope: 'write', params: job, foreign: 'job.not_found' },
  'processing.retry': { scope: 'write', params: job, foreign: 'job.not_found' },
  'processing.start': { scope: 'write', params: video, foreign: 'video.not_found' },
  'transcript.put': { scope: 'write', params: ids => ({ ...video(ids), subtitles: srt }), foreign: 'video.not_found' },
  'chat.create': { scope: 'chat', params: ids => ({ videoIds: [ids.videoId] }), foreign: 'video.not_found' },
  'chat.list': { scope: 'chat', params: () => ({}) },
  'chat.history': { scope: 'chat', params: chat, foreign: 'chat.not_found' },
  'chat.ask': { scope: 'chat', params: ids => ({ ...chat(ids), question: WORD }), foreign: 'chat.not_found' },
  'chat.cancel': { scope: 'chat', params: chat, foreign: 'chat.not_found' },
  'chat.delete': { scope: 'chat', params: chat, foreign: 'chat.not_found' },
  'video.delete': { scope: 'write', params: video, foreign: 'video.not_found' },
  'admin.sessions': { scope: 'admin', params: () => ({}) },
  'admin.stats': { scope: 'admin', params: () => ({}) },
}

/** Commands that act on the connection they come on; over HTTP they are refused. */
const SOCKET_COMMANDS = ['auth.refresh', 'subscribe', 'unsubscribe']

const HTTP_COMMANDS = Object.entries(COMMAND_ENTRIES).filter(([name]) => !SOCKET_COMMANDS.includes(name))

interface RouteEntry {
  readonly scope: Scope | 'none' | 'public'
  readonly path: (ids: Seeded) => string
  /** Of what another tenant gets 404. */
  readonly foreign?: true
}

const upload = (ids: Seeded) => `/v1/uploads/${ids.videoId}`
const below = (name: string) => (ids: Seeded) => `/v1/videos/${ids.videoId}/${name}`

const ROUTE_ENTRIES: Record<string, RouteEntry> = {
  'POST /v1/tickets': { scope: 'none', path: () => '/v1/tickets' },
  // Which scope a command needs, the command says: see the tests of commands over HTTP.
  'POST /v1/commands/:name': { scope: 'none', path: () => '/v1/commands/ping' },
  'OPTIONS /v1/uploads': { scope: 'public', path: () => '/v1/uploads' },
  'OPTIONS /v1/uploads/:id': { scope: 'public', path: upload },
  'POST /v1/uploads': { scope: 'write', path: () => '/v1/uploads' },
  'HEAD /v1/uploads/:id': { scope: 'write', path: upload, foreign: true },
  'PATCH /v1/uploads/:id': { scope: 'write', path: upload, foreign: true },
  'DELETE /v1/uploads/:id': { scope: 'write', path: upload, foreign: true },
  'GET /v1/videos/:id/media': { scope: 'read', path: below('media'), foreign: true },
  'GET /v1/videos/:id/poster.jpg': { scope: 'read', path: below('poster.jpg'), foreign: true },
  'GET /v1/videos/:id/storyboard.jpg': { scope: 'read', path: below('storyboard.jpg'), foreign: true },
  'GET /v1/videos/:id/storyboard.vtt': { scope: 'read', path: below('storyboard.vtt'), foreign: true },
  'GET /v1/videos/:id/frames/:name': { scope: 'read', path: below('frames/1.jpg'), foreign: true },
  'GET /': { scope: 'public', path: () => '/' },
  'GET /healthz': { scope: 'public', path: () => '/healthz' },
  'GET /readyz': { scope: 'public', path: () => '/readyz' },
  'GET /schema.json': { scope: 'public', path: () => '/schema.json' },
  'GET /asyncapi.json': { scope: 'public', path: () => '/asyncapi.json' },
  'GET /metrics': { scope: 'admin', path: () => '/metrics' },
}

const EVERY_SCOPE = SCOPES.join(' ')
const NOBODY: Seeded = { videoId: newId(), jobId: newId(), chatId: newId() }

const BAD_TOKENS: [name: string, token: string | undefined, code: ErrorCode][] = [
  ['no token', undefined, 'auth.required'],
  ['a malformed one', 'not.a.token', 'auth.invalid'],
  ['one of another key', token({ scope: EVERY_SCOPE }, 'y'.repeat(40)), 'auth.invalid'],
  ['an unsigned one', `${unsigned({ alg: 'none' }, { sub: 'a', exp: secondsFromNow(60) })}.`, 'auth.invalid'],
  ['an expired one', token({ scope: EVERY_SCOPE, exp: secondsFromNow(-60) }), 'auth.expired'],
]

async function start(t: Test) {
  const dataDir = testFolder(t)
  const acme = await seedTenant(dataDir, 'acme', { word: WORD, jobState: 'completed' })
  const { port } = await startServer(t, {
    CUEWIRE_DATA_DIR: dataDir,
    CUEWIRE_JWT_SECRET: SECRET,
    // The owner starts a job on a file that is no media.
    CUEWIRE_LOG_LEVEL: 'fatal',
    CUEWIRE_COMMANDS_PER_SECOND: '1000000',
    CUEWIRE_COMMAND_BURST: '1000000',
  })
  return { port, acme }
}

interface Answer {
  readonly status: number
  readonly text: string
}

function ask(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false })
    outgoing.on('upgrade', (_, socket) => {
      socket.destroy()
      resolve({ status: 101, text: '' })
    })
    outgoing.on('response', async response => {
      let text = ''
      for await (const chunk of response) text += String(chunk)
      resolve({ status: response.statusCode ?? 0, text })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Headers that make every upload route look at the upload itself. */
const TUS = {
  'tus-resumable': '1.0.0',
  'upload-length': '5',
  'upload-offset': '0',
  'content-type': 'application/offset+octet-stream',
}

const route = (port: number, name: string, ids: Seeded, bearer: string | undefined): Promise<Answer> => {
  const [method = ''] = name.split(' ')
  const authorization = bearer === undefined ? undefined : { authorization: `Bearer ${bearer}` }
  return ask(port, method, ROUTE_ENTRIES[name]?.path(ids) ?? '', { ...TUS, ...authorization })
}

/** The same command over HTTP. */
async function post(port: number, name: string, data: object, bearer: string | undefined) {
  const authorization = bearer === undefined ? undefined : { authorization: `Bearer ${bearer}` }
  const headers = { 'content-type': 'application/json', ...authorization }
  const { status, text } = await ask(port, 'POST', `/v1/commands/${name}`, headers, JSON.stringify(data))
  const answer = JSON.parse(text) as { readonly code?: ErrorCode; readonly detail?: string }
  return { status, text, code: status === 200 ? undefined : answer.code }
}

t.test('every command and every route has an entry here, with the scope it is declared with', async t => {
  t.same(Object.keys(COMMAND_ENTRIES).sort(), Object.keys(COMMANDS).sort())
  for (const [name, { scope }] of Object.entries(COMMAND_ENTRIES)) {
    t.equal(COMMANDS[name as CommandName].scope, scope, name)
  }
  // Making the routes touches none of their parts.
  const routes = createRoutes({} as RouteParts)
  t.same(routes.map(({ method, path }) => `${method} ${path}`).sort(), Object.keys(ROUTE_ENTRIES).sort())
  for (const { method, path, scope } of routes) t.equal(ROUTE_ENTRIES[`${method} ${path}`]?.scope, scope, path)
})

test('no socket opens with a bad token, however it is sent', async t => {
  const { port } = await start(t)
  const handshake = {
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': 'cuewire.v1',
  }
  const good = token({ scope: 'read' })
  const ways: [name: string, path: (token: string) => string, headers: (token: string) => object][] = [
    ['header', () => SOCKET_PATH, text => ({ authorization: `Bearer ${text}` })],
    ['subprotocol', () => SOCKET_PATH, text => ({ 'sec-websocket-protocol': `cuewire.v1, bearer.${text}` })],
    ['query', text => `${SOCKET_PATH}?ticket=${encodeURIComponent(text)}`, () => ({})],
  ]
  for (const [way, path, headers] of ways) {
    for (const [name, text, code] of BAD_TOKENS) {
      const answer = await ask(port, 'GET', path(text ?? ''), { ...handshake, ...(text ? headers(text) : {}) })
      t.equal(answer.status, 401, `${name} by ${way}`)
      // A query holds tickets only: any token there is an unknown ticket.
      t.equal(JSON.parse(answer.text).code, way === 'query' ? 'auth.invalid' : code, `${name} by ${way}`)
    }
    const answer = await ask(port, 'GET', path(good), { ...handshake, ...headers(good) })
    t.equal(answer.status, way === 'query' ? 401 : 101, `a good one by ${way}`)
  }
  t.equal((await ask(port, 'GET', `${SOCKET_PATH}?token=${good}`, handshake)).status, 401, 'no token in a URL')
  const { ticket } = JSON.parse((await route(port, 'POST /v1/tickets', NOBODY, good)).text) as { ticket: string }
  const withTicket = () => ask(port, 'GET', `${SOCKET_PATH}?ticket=${ticket}`, handshake)
  t.equal((await withTicket()).status, 101, 'a ticket')
  t.equal((await withTicket()).status, 401, 'the same ticket again')
})

t.test('every command with each single scope is refused exactly where it needs another', async t => {
  const { port } = await start(t)
  for (const held of ['none', ...SCOPES] as const) {
    const socket = await RawSocket.open(t, port, token({ scope: held, tenant: 'acme' }))
    for (const [name, { scope, params }] of Object.entries(COMMAND_ENTRIES)) {
      if (name === 'subscribe') continue
      const answer = await socket.command(name, params(NOBODY))
      const allowed = scope === 'none' || scope === held
      t.equal(answer.error?.code === 'auth.forbidden', !allowed, `${name} with ${held}: ${answer.error?.code}`)
    }
    for (const topic of ['library', `video/${NOBODY.videoId}`, `visual/${NOBODY.videoId}`, `job/${NOBODY.jobId}`]) {
      const { error } = await socket.command('subscribe', { topic })
      t.equal(error?.code === 'auth.forbidden', held !== 'read', `subscribe ${topic} with ${held}: ${error?.code}`)
    }
    const { error } = await socket.command('subscribe', { topic: `chat/${NOBODY.chatId}` })
    t.equal(error?.code, held === 'chat' ? 'topic.not_found' : 'auth.forbidden', `subscribe chat with ${held}`)
  }
})

t.test('every command over HTTP with every kind of token', async t => {
  const { port } = await start(t)
  for (const [name, { scope, params }] of HTTP_COMMANDS) {
    for (const [kind, text, code] of BAD_TOKENS) {
      t.match(await post(port, name, params(NOBODY), text), { status: 401, code }, `${name} with ${kind}`)
    }
    for (const held of ['none', ...SCOPES] as const) {
      const answer = await post(port, name, params(NOBODY), token({ scope: held, tenant: 'acme' }))
      const allowed = scope === 'none' || scope === held
      t.equal(answer.code === 'auth.forbidden', !allowed, `${name} with ${held}: ${answer.code}`)
      t.equal(answer.status === 403, !allowed, `${name} with ${held}: ${answer.status}`)
    }
  }
  for (const name of SOCKET_COMMANDS) {
    t.match(await post(port, name, {}, undefined), { status: 401, code: 'auth.required' }, name)
    const answer = await post(port, name, {}, token({ scope: EVERY_SCOPE }))
    t.match(answer, { status: 400, code: 'command.needs_socket' }, name)
  }
})

t.test('over HTTP too, nothing is there for another tenant', async t => {
  const { port, acme } = await start(t)
  const stranger = token({ scope: EVERY_SCOPE, tenant: 'globex' })
  const told = async (ids: Seeded, name: string, entry: CommandEntry) => {
    const { text } = await post(port, name, entry.params(ids), stranger)
    return Object.values(ids).reduce((masked: string, id: string) => masked.replaceAll(id, 'ID'), text)
  }
  for (const [name, entry] of HTTP_COMMANDS) {
    const text = await told(acme, name, entry)
    if (entry.foreign) {
      t.match(text, `"code":"${entry.foreign}"`, name)
      t.equal(text, await told(NOBODY, name, entry), `${name}: as of ids that never were`)
    }
    t.notMatch(text, WORD, name)
    for (const id of Object.values(acme)) t.notMatch(text, id, name)
  }
  const owner = token({ scope: EVERY_SCOPE, tenant: 'acme', sub: 'bob' })
  for (const [name, entry] of HTTP_COMMANDS) {
    if (!entry.foreign) continue
    const { code } = await post(port, name, entry.params(acme), owner)
    t.notMatch(String(code), /not_found|^auth/, `${name}: the owner finds it (${code ?? 'reply'})`)
  }
})

t.test('to another tenant nothing is there: no data, and no hint that it exists', async t => {
  const { port, acme } = await start(t)
  const stranger = await RawSocket.open(t, port, token({ scope: EVERY_SCOPE, tenant: 'globex' }))
  const told = async (ids: Seeded, name: string, entry: CommandEntry) => {
    const { error, data } = await stranger.command(name, entry.params(ids), 'same')
    const text = JSON.stringify(error ?? data)
    return Object.values(ids).reduce((masked: string, id: string) => masked.replaceAll(id, 'ID'), text)
  }
  for (const [name, entry] of Object.entries(COMMAND_ENTRIES)) {
    const text = await told(acme, name, entry)
    if (entry.foreign) {
      t.match(text, `"code":"${entry.foreign}"`, name)
      t.equal(text, await told(NOBODY, name, entry), `${name}: as of ids that never were`)
    }
    t.notMatch(text, WORD, name)
    for (const id of Object.values(acme)) t.notMatch(text, id, name)
  }
  const found = await stranger.command('search.query', { query: WORD })
  t.same(found.data, { hits: [] }, 'a search in the whole library finds nothing of others')

  const owner = await RawSocket.open(t, port, token({ scope: EVERY_SCOPE, tenant: 'acme', sub: 'bob' }))
  t.match(await owner.command('search.query', { query: WORD }), { data: { hits: [{ videoId: acme.videoId }] } })
  const sessions = await owner.command('admin.sessions')
  t.match(sessions.data?.['sessions'], [{ principal: { subject: 'bob', tenant: 'acme' } }])
  t.equal(
    (sessions.data?.['sessions'] as unknown[] | undefined)?.length,
    1,
    'an admin sees the connections of the own tenant',
  )
  for (const [name, entry] of Object.entries(COMMAND_ENTRIES)) {
    if (!entry.foreign) continue
    const { error } = await owner.command(name, entry.params(acme))
    t.notMatch(String(error?.code), /not_found|^auth/, `${name}: the owner finds it (${error?.code ?? 'reply'})`)
  }
})

test('every route with every kind of token', async t => {
  const { port } = await start(t)
  for (const [name, { scope }] of Object.entries(ROUTE_ENTRIES)) {
    const hasBody = !name.startsWith('HEAD')
    for (const [kind, text, code] of BAD_TOKENS) {
      const answer = await route(port, name, NOBODY, text)
      if (scope === 'public') {
        t.not(answer.status, 401, `${name} with ${kind}`)
        continue
      }
      t.equal(answer.status, 401, `${name} with ${kind}`)
      if (hasBody) t.equal(JSON.parse(answer.text).code, code, `${name} with ${kind}`)
    }
    for (const held of ['none', ...SCOPES] as const) {
      const answer = await route(port, name, NOBODY, token({ scope: held }))
      const allowed = scope === 'public' || scope === 'none' || scope === held
      t.equal(answer.status === 403, !allowed, `${name} with ${held}: ${answer.status}`)
      t.not(answer.status, 401, `${name} with ${held}`)
    }
  }
})

test('no route shows one tenant the files or uploads of another', async t => {
  const { port, acme } = await start(t)
  const ofAcme = token({ scope: EVERY_SCOPE, tenant: 'acme' })
  const ofGlobex = token({ scope: EVERY_SCOPE, tenant: 'globex' })
  const owner = await RawSocket.open(t, port, ofAcme)
  const reserved = await owner.command('video.create', { filename: `${WORD}.mp4`, sizeBytes: 5 })
  const uploadId = String((reserved.data?.['upload'] as { videoId: string } | undefined)?.videoId)
  const uploading = { ...acme, videoId: uploadId }
  for (const [name, { foreign }] of Object.entries(ROUTE_ENTRIES)) {
    if (!foreign) continue
    const ids = name.includes('/uploads') ? uploading : acme
    const answer = await route(port, name, ids, ofGlobex)
    t.equal(answer.status, 404, `${name} of another tenant`)
    t.notMatch(answer.text, WORD, name)
  }
  for (const [name, { foreign }] of Object.entries(ROUTE_ENTRIES)) {
    if (!foreign) continue
    const ids = name.includes('/uploads') ? uploading : acme
    t.notOk([401, 403, 404, 500].includes((await route(port, name, ids, ofAcme)).status), `${name} of the owner`)
  }
  t.equal((await route(port, 'GET /v1/videos/:id/media', acme, ofAcme)).text, `bytes of ${WORD}`)
})
