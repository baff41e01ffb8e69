import { mkdir, readdir, readFile } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { ignoreMissing } from '@cuewire/server/lib/ignore-missing.js'
import { folderBlobs } from '@cuewire/server/storage/folder/blobs.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { clipMaker } from '../../../support/clips.js'
import { aVideo } from '../../../support/entities.js'
import { onEachTransport } from '../../../support/on-each-transport.js'
import { putOriginal } from '../../../support/put-blobs.js'
import { startServer } from '../../../support/server.js'

const test = onEachTransport(t)

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** A server with one video of ten seconds, and a function that asks for its pictures. */
async function serve(t: Test, settings: Record<string, string> = {}) {
  const { long, path } = await clipMaker(t)
  const clip = await long('long.mp4', [])
  const dataDir = path('data')
  await mkdir(dataDir, { recursive: true })
  const store = await openSqliteStore({ file: join(dataDir, 'cuewire.db') })
  const { media, ...rest } = aVideo({ state: 'ready' })
  const video = { codec: 'h264', width: 320, height: 180, rotation: 0 }
  await store.for('default').videos.insert({ ...rest, media: { ...media, duration: 10, video } }, undefined)
  await store.close()
  await putOriginal(folderBlobs(dataDir).for('default'), rest.id, await readFile(clip))

  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir, CUEWIRE_MODELS_DIR: path('models'), ...settings })
  const agent = new Agent({ keepAlive: true, maxSockets: 1000 })
  t.teardown(() => agent.destroy())
  const ask = (at: string, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const where = { host: '127.0.0.1', port, path: `/v1/videos/${rest.id}/frames/${at}.jpg`, agent, headers }
      const outgoing = get({ ...where, ...(signal && { signal }) }, response => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) })
        })
      })
      outgoing.on('error', reject)
    })
  return { ask, folder: join(dataDir, 'stills') }
}

/** Child processes of this process, in which the server runs too. */
const children = () => process.getActiveResourcesInfo().filter(name => name === 'ProcessWrap').length

t.test('of 400 pictures asked for at once every one comes, made by no more children than the setting says', async t => {
  const { ask } = await serve(t, { CUEWIRE_STILLS: '3' })
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, children())
  }, 1)
  t.teardown(() => clearInterval(watch))

  /** As a client does that heeds Retry-After. */
  const patiently = async (at: string): Promise<Answer> => {
    for (;;) {
      const answer = await ask(at)
      if (answer.status !== 503) return answer
      await new Promise(resolve => setTimeout(resolve, Number(answer.headers['retry-after']) * 1000))
    }
  }
  // Half of them twice, by other spellings of the same time.
  const times = Array.from({ length: 200 }, (_, i) => i * 0.05).flatMap(at => [at.toFixed(2), at.toFixed(3)])
  const answers = await Promise.all(times.map(patiently))
  t.strictSame(new Set(answers.map(({ status }) => status)), new Set([200]))
  for (const { body } of answers) t.equal(body.readUInt16BE(0), 0xffd8, 'a JPEG')
  for (let i = 0; i < answers.length; i += 2) t.ok(answers[i]?.body.equals(answers[i + 1]?.body ?? Buffer.alloc(0)))
  t.match(await sharp(answers[7]?.body).metadata(), { format: 'jpeg', width: 320, height: 180 })
  t.ok(most >= 1 && most <= 3, `${most} children`)
})

t.test('a picture is kept, has an entity tag, and is sent again without being made', async t => {
  const { ask } = await serve(t)
  const first = await ask('2.5')
  t.match(first, { status: 200, headers: { etag: 'W/"2.5"', 'content-type': 'image/jpeg' } })
  t.match(await ask('2.500'), { status: 200, headers: { etag: 'W/"2.5"' }, body: first.body })
  t.match(await ask('2.5', { 'if-none-match': '"x", "2.5"' }), { status: 304, body: Buffer.alloc(0) })
  t.match(await ask('10'), { status: 404 })
  for (const wrong of ['1234567', '1.', '-1', '1e3', '1,5', '1.1234567'])
    t.match(await ask(wrong), { status: 404 }, wrong)
})

test('when all clients go away, so do the children', async t => {
  const { ask, folder } = await serve(t, { CUEWIRE_STILLS: '2' })
  const before = children()
  const clients = Array.from({ length: 20 }, () => new AbortController())
  const asked = clients.map(({ signal }, i) => t.rejects(ask(String(i / 4), {}, signal)))
  while (children() === before) await new Promise(resolve => setTimeout(resolve, 1))
  for (const client of clients) client.abort()
  await Promise.all(asked)
  // A request that reaches the server with its own end may still start one, which is then stopped.
  for (let quiet = 0; quiet < 10; quiet = children() > before ? 0 : quiet + 1) {
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  const made = await ignoreMissing(readdir(folder))
  t.ok((made?.length ?? 0) < clients.length / 2, `${made?.length} pictures were made`)
})

t.test('over the length of the queue, and only there, the answer is 503 with Retry-After', async t => {
  const { ask } = await serve(t, { CUEWIRE_STILLS: '1', CUEWIRE_STILLS_QUEUE: '2' })
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => ask(String(i))))
  const refused = answers.filter(({ status }) => status !== 200)
  t.ok(refused.length >= 6, `${refused.length} of 10`)
  for (const { status, headers, body } of refused) {
    t.match({ status, headers }, { status: 503, headers: { 'retry-after': '5' } })
    t.match(JSON.parse(String(body)), { code: 'server.busy', retryable: true, retryAfterMs: 5000 })
  }
})
