import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mock } from 'node:test'
import { type HubPack, packId } from '@cuewire/server/models/pack.js'
import { type PullOptions, type PullProgress, pullPacks } from '@cuewire/server/models/pull/pull.js'
import { checkPack, packDir } from '@cuewire/server/models/verify.js'
import t, { type Test } from 'tap'
import { COMMIT, FakeHub, REPO, sha256 } from '../../../support/hub.js'
import { testFolder } from '../../../support/test-folder.js'

const MODEL = randomBytes(300_000)
const CONFIG = Buffer.from('{"labels": 80}\n')
const TOKEN = 'hf_a-token-of-this-test'
const OTHER_COMMIT = 'f'.repeat(40)

const pack: HubPack = {
  name: 'test-pack',
  version: '1.0.0',
  task: 'objects',
  runtime: 'yolox',
  description: 'a pack of this test',
  licence: 'MIT',
  input: 'none',
  output: 'none',
  source: { hub: REPO, revision: 'main' },
  files: [{ path: 'onnx/model.onnx' }, { path: 'config.json' }],
}

/** A hub with the pack's files, and an empty models folder. */
async function setUp(t: Test, settings: { readonly token?: string } = {}) {
  const hub = await FakeHub.open(t, [
    { path: 'onnx/model.onnx', content: MODEL, lfs: true },
    { path: 'config.json', content: CONFIG, lfs: false },
    { path: 'other.bin', content: Buffer.alloc(10), lfs: false },
  ])
  const dir = testFolder(t)
  const waits: number[] = []
  const access = {
    url: hub.url,
    token: settings.token ?? '',
    pause: async (ms: number) => void waits.push(ms),
  }
  const pull = (what: HubPack = pack, options: Partial<PullOptions> = {}) =>
    pullPacks([what], { dir, hub: access, ...options })
  return { hub, dir, waits, pull, folder: packDir(dir, pack), access }
}

/** The first download gets its first bytes, and is cut when they are here. */
function cutOnce(hub: FakeHub): Pick<PullOptions, 'onProgress'> {
  const cut = hub.hold(100_000, MODEL)
  return {
    onProgress: ({ bytes }) => {
      if (bytes.done > 0 && bytes.done <= 100_000) cut()
    },
  }
}

const storageRequests = (hub: FakeHub) => hub.asked.filter(({ host }) => host === 'storage')

t.test('a pack comes from a hub with a manifest of what was downloaded', async t => {
  const { hub, dir, pull, folder } = await setUp(t)
  const told: PullProgress[] = []
  await pull(pack, { onProgress: progress => told.push(progress) })
  t.same(await readdir(dir), [packId(pack)])
  t.same((await readdir(folder, { recursive: true })).sort(), [
    'config.json',
    'manifest.json',
    'onnx',
    'onnx/model.onnx',
  ])
  t.ok(MODEL.equals(await readFile(join(folder, 'onnx/model.onnx'))))
  t.same(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')), {
    pack: 'test-pack@1.0.0',
    hub: REPO,
    revision: 'main',
    commit: COMMIT,
    files: [
      { path: 'onnx/model.onnx', bytes: MODEL.length, sha256: sha256(MODEL) },
      { path: 'config.json', bytes: CONFIG.length, sha256: sha256(CONFIG) },
    ],
  })
  t.match(await checkPack(dir, pack), { state: 'ready', pack: 'test-pack@1.0.0' })
  t.notOk(hub.asked.some(({ path }) => path.includes('other.bin')))

  const total = MODEL.length + CONFIG.length
  t.strictSame([...new Set(told.map(({ step }) => step))], ['check', 'download', 'verify', 'done'])
  const done = told.filter(({ step, bytes }) => step === 'download' && bytes.total === total).map(p => p.bytes.done)
  t.strictSame(
    done,
    done.toSorted((a, b) => a - b),
  )
  t.equal(done.at(-1), total)
  t.strictSame(told.at(-1)?.bytes, { done: total, total })

  const before = hub.asked.length
  await pull()
  t.equal(hub.asked.length, before, 'a whole pack asks nothing of the hub')
})

t.test('a connection that is cut is continued where it ended', async t => {
  const { hub, dir, pull, waits } = await setUp(t)
  await pull(pack, cutOnce(hub))
  const ranges = storageRequests(hub).map(({ range }) => range)
  t.equal(ranges.length, 2)
  t.match(ranges[1], /^bytes=[1-9]\d*-$/)
  t.strictSame(waits, [1000])
  t.match(await checkPack(dir, pack), { state: 'ready' })
})

t.test('a pull that gave up is continued by the next one', async t => {
  const { hub, dir, pull, waits } = await setUp(t)
  const cut = cutOnce(hub)
  for (let i = 0; i < 5; i += 1) hub.next('storage', '/', (_request, response) => response.socket?.destroy())
  await t.rejects(pull(pack, cut), {
    code: 'model.missing',
    message: /connection to .* failed: .*try again to continue/,
  })
  t.strictSame(waits, [1000, 2000, 4000, 8000, 16_000])
  t.same(await readdir(dir), ['.test-pack@1.0.0.partial'])
  await pull()
  t.match(storageRequests(hub).at(-1)?.range, /^bytes=[1-9]\d*-$/)
  t.same(await readdir(dir), [packId(pack)])
})

t.test('a storage without ranges sends the whole again', async t => {
  const { hub, dir, pull } = await setUp(t)
  const cut = cutOnce(hub)
  hub.next('storage', '/', (_request, response) => response.end(MODEL))
  await pull(pack, cut)
  t.match(await checkPack(dir, pack), { state: 'ready' })
})

t.test('a partial file with a wrong byte is found at the end, and not kept', async t => {
  const { dir, hub, pull } = await setUp(t)
  const partial = join(dir, '.test-pack@1.0.0.partial')
  await mkdir(partial)
  await writeFile(join(partial, `0-${sha256(MODEL)}`), Buffer.alloc(1000))
  await t.rejects(pull(), { code: 'model.corrupt', message: /onnx\/model.onnx .* does not have the hash/ })
  t.equal(storageRequests(hub)[0]?.range, 'bytes=1000-')
  await pull()
  t.match(await checkPack(dir, pack), { state: 'ready' })
})

t.test('a hub that lies about a file installs nothing', async t => {
  const wrong = 'e'.repeat(64)
  const lies: readonly [RegExp, (hub: FakeHub) => void][] = [
    [/model.onnx of .* does not have the hash that the hub lists/, hub => list(hub, 1, { lfs: lfs(wrong) })],
    [/config.json of .* does not have the hash that the hub lists/, hub => list(hub, 2, { blobId: OTHER_COMMIT })],
    [/sends 300000 bytes .*, not 299999/, hub => list(hub, 1, { lfs: { ...lfs(sha256(MODEL)), size: 299_999 } })],
    [/with commit f+, but listed 0123/, hub => Object.assign(hub.headers, { 'x-repo-commit': OTHER_COMMIT })],
    [/with size 7, but listed 300000/, hub => Object.assign(hub.headers, { 'x-linked-size': '7' })],
    [/with hash e+, but listed/, hub => Object.assign(hub.headers, { 'x-linked-etag': `"${wrong}"` })],
    [/sends more than the 300000 bytes/, hub => hub.next('storage', '/', endless)],
    [/sent 5 bytes of .*, not 300000/, hub => hub.next('storage', '/', short)],
  ]
  for (const [message, lie] of lies) {
    await t.test(String(message), async t => {
      const { hub, dir, pull } = await setUp(t)
      lie(hub)
      // Its headers say the same as its list.
      if (String(message).includes('does not have')) Object.assign(hub.headers, { 'x-linked-etag': '', etag: '' })
      if (String(message).includes('299999')) Object.assign(hub.headers, { 'x-linked-size': '' })
      await t.rejects(pull(), { code: 'model.corrupt', message })
      t.match(await checkPack(dir, pack), { state: 'missing' })
    })
  }
})

const lfs = (hash: string) => ({ sha256: hash, size: MODEL.length, pointerSize: 134 })
const list = (hub: FakeHub, at: number, change: object) => void Object.assign(hub.siblings[at] ?? {}, change)
type Answer = Parameters<FakeHub['next']>[2]
const endless: Answer = (_request, response) => {
  response.write(MODEL)
  response.end(MODEL)
}
const short: Answer = (_request, response) => {
  response.write('short')
  response.end()
}

t.test('what a pack pins is checked before anything is downloaded', async t => {
  const [file] = pack.files
  const cases: readonly [RegExp, HubPack][] = [
    [
      /gives another hash than the pack for onnx\/model.onnx/,
      { ...pack, files: [{ path: 'onnx/model.onnx', sha256: 'e'.repeat(64) }] },
    ],
    [/gives 300000 bytes, where the pack has 5,/, { ...pack, files: [{ ...file, path: 'onnx/model.onnx', bytes: 5 }] }],
    [/has no file absent.onnx/, { ...pack, files: [{ path: 'absent.onnx' }] }],
  ]
  for (const [message, pinned] of cases) {
    const { hub, pull } = await setUp(t)
    await t.rejects(pull(pinned), { message })
    t.equal(hub.asked.length, 1)
  }
})

t.test('a file without LFS must have the hash that the pack pins', async t => {
  const { dir, pull } = await setUp(t)
  const pinned = { ...pack, files: [{ path: 'config.json', sha256: 'e'.repeat(64) }] }
  await t.rejects(pull(pinned), { code: 'model.corrupt', message: /another hash than the pack for config.json/ })
  t.match(await checkPack(dir, pinned), { state: 'missing' })
})

t.test('a pinned commit is asked for, and a hub that gives another is refused', async t => {
  const pinned = { ...pack, source: { hub: REPO, revision: COMMIT } }
  const { hub, dir, pull } = await setUp(t)
  await pull(pinned)
  t.match(hub.asked[0]?.path, COMMIT)
  t.match(await checkPack(dir, pinned), { state: 'ready' })

  const other = await setUp(t)
  other.hub.next('hub', COMMIT, (_request, response) =>
    response.end(JSON.stringify({ sha: OTHER_COMMIT, siblings: other.hub.siblings })),
  )
  await t.rejects(other.pull(pinned), { code: 'model.corrupt', message: /gives commit f+ .*nothing was downloaded/ })
  t.equal(other.hub.asked.length, 1)
})

t.test('a busy hub is asked again after the time it names, within bounds', async t => {
  const { hub, pull, waits } = await setUp(t)
  hub.next('hub', '/api/', (_request, response) => response.writeHead(429, { 'retry-after': '7' }).end())
  hub.next('hub', '/resolve/', (_request, response) => response.writeHead(503).end())
  await pull()
  t.strictSame(waits, [7000, 1000])

  const long = await setUp(t)
  long.hub.next('hub', '/api/', (_request, response) => response.writeHead(429, { 'retry-after': '3600' }).end())
  await t.rejects(long.pull(), { code: 'model.missing', message: /is busy; try again in 3600 s/ })
  t.strictSame(long.waits, [])

  const always = await setUp(t)
  for (let i = 0; i < 5; i += 1) always.hub.next('hub', '/api/', (_request, response) => response.writeHead(503).end())
  await t.rejects(always.pull(), { message: /was busy 5 times in a row/ })
})

t.test('the token goes to the hub alone, and stands in no error', async t => {
  const { hub, pull } = await setUp(t, { token: TOKEN })
  await pull()
  for (const { host, authorization } of hub.asked)
    t.equal(authorization, host === 'hub' ? `Bearer ${TOKEN}` : undefined, host)
  t.ok(storageRequests(hub).length > 0)

  const answers: readonly [number, RegExp][] = [
    [401, /answered 401 .*the token in CUEWIRE_HUB_TOKEN is not valid/],
    [403, /answered 403 .*accept the repository's terms/],
    [404, /answered 404 .*no such repository, revision or file/],
    [500, /answered 500 .*the hub has a fault/],
  ]
  for (const [status, message] of answers) {
    const refusing = await setUp(t, { token: TOKEN })
    refusing.hub.next('hub', '/api/', (_request, response) => response.writeHead(status).end(TOKEN))
    const error: unknown = await refusing.pull().catch(error => error)
    t.match(error, { code: 'model.missing', message })
    t.notMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), TOKEN)
  }
  const without = await setUp(t)
  without.hub.next('hub', '/api/', (_request, response) => response.writeHead(401).end())
  await t.rejects(without.pull(), { message: /does not exist, or needs a token in CUEWIRE_HUB_TOKEN/ })
})

t.test('redirects are followed to a bound, and only to addresses of the web', async t => {
  const { hub, pull } = await setUp(t)
  for (let i = 0; i < 6; i += 1) {
    hub.next('hub', '/api/', (request, response) => response.writeHead(307, { location: request.url ?? '' }).end())
  }
  await t.rejects(pull(), { code: 'model.missing', message: /redirects more than 5 times/ })
  for (const location of ['file:///etc/passwd', 'http://user:word@127.0.0.1/', undefined]) {
    const bad = await setUp(t)
    bad.hub.next('hub', '/api/', (_request, response) => response.writeHead(302, location ? { location } : {}).end())
    await t.rejects(bad.pull(), { message: /redirects .* to no address that may be followed/ })
  }
})

t.test('an answer that is no list of files is refused', async t => {
  const answers: readonly [RegExp, string][] = [
    [/is not JSON; is CUEWIRE_HUB_URL the address of a hub/, '<html>'],
    [/list of .* is not as it must be/, '{"sha": "main"}'],
    [
      /gives no size of onnx\/model.onnx/,
      JSON.stringify({ sha: COMMIT, siblings: [{ rfilename: 'onnx/model.onnx' }] }),
    ],
    [
      /gives no hash of onnx\/model.onnx/,
      JSON.stringify({ sha: COMMIT, siblings: [{ rfilename: 'onnx/model.onnx', size: 5, lfs: null }] }),
    ],
    [/has more than 16777216 bytes/, ' '.repeat(16 * 1024 * 1024 + 1)],
  ]
  for (const [message, answer] of answers) {
    const { hub, pull } = await setUp(t)
    hub.next('hub', '/api/', (_request, response) => response.end(answer))
    await t.rejects(pull(), { code: 'model.missing', message })
  }
})

t.test('a hub that is not there, or falls silent, is named', async t => {
  const { hub, dir, pull, access } = await setUp(t)
  await t.rejects(pull(pack, { hub: { ...access, url: 'http://127.0.0.1:1' } }), {
    code: 'model.missing',
    message: /connection to 127.0.0.1:1 failed: ECONNREFUSED/,
  })
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  const silent = new Promise<void>(resolve => {
    hub.next('storage', '/', (_request, response) => {
      response.setHeader('content-length', MODEL.length)
      response.write(MODEL.subarray(0, 1000), () => resolve())
    })
  })
  const pulling = t.rejects(pull(), { code: 'model.missing', message: /sent nothing for 30 s.*try again to continue/ })
  await silent
  mock.timers.tick(30_000)
  await pulling
  t.same(await readdir(dir), ['.test-pack@1.0.0.partial'])
})

t.test('an abort ends a download with its reason, and keeps what came', async t => {
  const { hub, dir, pull } = await setUp(t)
  const controller = new AbortController()
  hub.hold(1000, MODEL)
  const onProgress = ({ step, bytes }: PullProgress) => {
    if (step === 'download' && bytes.done > 0) controller.abort(new Error('enough'))
  }
  await t.rejects(pull(pack, { signal: controller.signal, onProgress }), { message: 'enough' })
  t.same(await readdir(dir), ['.test-pack@1.0.0.partial'])
})

t.test('one byte changed on the disk is found before the pack is loaded', async t => {
  const { dir, pull, folder } = await setUp(t)
  await pull()
  const path = join(folder, 'onnx/model.onnx')
  const bytes = await readFile(path)
  bytes[5000] = (bytes[5000] ?? 0) ^ 1
  await writeFile(path, bytes)
  t.match(await checkPack(dir, pack), {
    state: 'corrupt',
    reason: 'onnx/model.onnx of test-pack does not have the right hash',
    command: 'npm run cuewire -- models pull test-pack',
  })
  await pull()
  t.match(await checkPack(dir, pack), { state: 'ready' }, 'and a pull mends it')
})

t.test('a manifest that is not that of the pack is as corrupt as its files', async t => {
  const { dir, pull, folder } = await setUp(t)
  await pull()
  const path = join(folder, 'manifest.json')
  const good = JSON.parse(await readFile(path, 'utf8'))
  const [model] = good.files
  const cases: readonly [string, RegExp, HubPack?][] = [
    ['{', /manifest.json of test-pack is not a manifest/],
    [JSON.stringify({ ...good, more: 1 }), /is not a manifest/],
    [JSON.stringify({ ...good, pack: 'other@1' }), /is not that of test-pack/],
    [JSON.stringify({ ...good, files: [model] }), /does not list the files/],
    [JSON.stringify({ ...good, files: [model, { ...model, path: '../x' }] }), /does not list config.json/],
    [' '.repeat(70_000), /has more than 65536 bytes/],
    [
      JSON.stringify(good),
      /gives another hash/,
      { ...pack, files: [{ path: 'onnx/model.onnx', sha256: 'e'.repeat(64) }, { path: 'config.json' }] },
    ],
  ]
  for (const [text, reason, expected = pack] of cases) {
    await writeFile(path, text)
    t.match(await checkPack(dir, expected), { state: 'corrupt', reason })
  }
})

t.test('a hub pack comes from a folder: an installed one, or the plain files of a person', async t => {
  const { dir, pull } = await setUp(t)
  await pull()
  const to = join(dir, 'to')
  await pullPacks([pack], { dir: to, mirror: dir })
  t.match(await readFile(join(packDir(to, pack), 'manifest.json'), 'utf8'), COMMIT)
  t.match(await checkPack(to, pack), { state: 'ready' })

  const mirror = testFolder(t, { mirror: { 'test-pack': { onnx: { 'model.onnx': 'a' }, 'config.json': '{}' } } })
  const plain = join(dir, 'plain')
  await pullPacks([pack], { dir: plain, mirror: join(mirror, 'mirror') })
  t.match(await checkPack(plain, pack), { state: 'ready' })
  t.notMatch(await readFile(join(packDir(plain, pack), 'manifest.json'), 'utf8'), 'commit')

  const pinned = { ...pack, files: [{ path: 'onnx/model.onnx', bytes: 2 }, { path: 'config.json' }] }
  await t.rejects(pullPacks([pinned], { dir: join(dir, 'no'), mirror: join(mirror, 'mirror') }), {
    code: 'model.corrupt',
    message: /manifest.json gives 1 bytes, where the pack has 2, for onnx\/model.onnx; nothing was installed/,
  })
})
