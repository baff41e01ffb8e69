import { existsSync } from 'node:fs'
import { readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Stills } from '@cuewire/server/domain/library/stills.js'
import { type Deferred, deferred } from '@cuewire/server/lib/deferred.js'
import type { StillsRequest } from '@cuewire/server/media/media-tools.js'
import { folderBlobs } from '@cuewire/server/storage/folder/blobs.js'
import { FolderStillCache } from '@cuewire/server/storage/folder/still-cache.js'
import t, { type Test } from 'tap'
import { aVideo } from '../../../support/entities.js'
import { putOriginal } from '../../../support/put-blobs.js'
import { testFolder } from '../../../support/test-folder.js'

const PICTURE_BYTES = 1000
const never = () => new AbortController().signal

interface Pass {
  readonly request: StillsRequest
  readonly end: Deferred<void>
}

/** Media tools that make pictures when the test says so. */
class FakeMedia {
  /** The times of each pass. */
  readonly asked: (readonly number[])[] = []
  most = 0
  private readonly passes = new Set<Pass>()

  get running(): number {
    return this.passes.size
  }

  async stills(file: string, _info: unknown, request: StillsRequest, signal?: AbortSignal): Promise<void> {
    if (!existsSync(file)) throw new Error('there is no file')
    const pass = { request, end: deferred() }
    this.asked.push(request.times)
    this.passes.add(pass)
    this.most = Math.max(this.most, this.running)
    signal?.addEventListener('abort', () => pass.end.reject(signal.reason), { once: true })
    try {
      await pass.end.promise
    } finally {
      this.passes.delete(pass)
    }
  }

  /** Makes the picture of one time, as a pass does on its way. */
  async show(at: number): Promise<void> {
    for (const { request } of this.passes) {
      if (request.times.includes(at)) await request.picture(at, Buffer.alloc(PICTURE_BYTES, at))
    }
    await pause()
  }

  /** Ends the passes that are under way, without further pictures. */
  async end(error?: Error): Promise<void> {
    for (const { end } of this.passes) error ? end.reject(error) : end.resolve()
    await pause()
  }

  /** Finishes the pictures that are being made, and those that follow, until none is. */
  async finish(): Promise<void> {
    while (this.running > 0) {
      for (const at of [...this.passes].flatMap(({ request }) => request.times)) await this.show(at)
      await this.end()
    }
  }
}

/** Lets everything happen that waits for no file. */
const pause = () => new Promise(resolve => setImmediate(resolve))

interface Change extends Partial<ConstructorParameters<typeof Stills>[0]> {
  readonly cacheBytes?: number
}

async function setUp(t: Test, { cacheBytes = 1_000_000, ...change }: Change = {}) {
  const dir = testFolder(t)
  const blobs = folderBlobs(dir).for('acme')
  const folder = join(dir, 'stills')
  const video = aVideo()
  await putOriginal(blobs, video.id, 'MEDIA')
  const media = new FakeMedia()
  const warnings: string[] = []
  const logger = { warn: (_: object, message: string) => warnings.push(message) }
  const cache = () => new FolderStillCache(folder, cacheBytes)
  const start = () =>
    new Stills({ media, children: 2, queue: 10, patienceMs: 60_000, cache: cache(), logger, ...change })
  const stills = start()
  t.teardown(() => stills.close())
  const ask = (at: number, signal: AbortSignal = never(), from = stills) => from.picture({ blobs, video, at }, signal)
  const nameOf = (at: number) => `acme.${video.id}.${at * 1000}.jpg`
  const cached = async () => (await readdir(folder).catch(() => [])).sort()
  return { blobs, folder, video, nameOf, media, warnings, stills, start, ask, cached }
}

t.test('as many decoders run at once as the setting says, the other requests wait their turn', async t => {
  const { media, ask } = await setUp(t)
  const times = [0, 11, 22, 33, 44]
  const pictures = times.map(at => ask(at))
  await pause()
  t.strictSame(media.asked, [[0], [11]])
  await media.finish()
  t.strictSame(
    (await Promise.all(pictures)).map(picture => picture[0]),
    times,
  )
  t.strictSame(media.asked.slice(2), [[22], [33], [44]])
  t.equal(media.most, 2)
})

t.test('one decoder makes the pictures that wait for the same part of a video', async t => {
  const { media, ask, stills, blobs } = await setUp(t, { children: 1 })
  const other = aVideo()
  await putOriginal(blobs, other.id, 'MEDIA')
  const pictures = [59, 12.5, 30, 16.5, 10, 26.001].map(at => ask(at))
  pictures.push(stills.picture({ blobs, video: other, at: 12 }, never()))
  await pause()
  await media.finish()
  t.strictSame(
    (await Promise.all(pictures)).map(picture => picture[0]),
    [59, 12, 30, 16, 10, 26, 12],
  )
  t.strictSame(media.asked, [[59], [10, 12.5, 16.5], [26.001, 30], [12]])
})

t.test('a picture of another track is made anew', async t => {
  const { media, ask, stills, blobs, video } = await setUp(t)
  const first = ask(10)
  await pause()
  await media.finish()
  await first
  const picture = { codec: 'h264', width: 64, height: 36, rotation: 0, index: 1, chosen: 'request' } as const
  const other = { ...video, media: { ...video.media, video: picture } }
  const second = stills.picture({ blobs, video: other, at: 10 }, never())
  await pause()
  await media.finish()
  await Promise.all([second, ask(10)])
  t.strictSame(media.asked, [[10], [10]])
})

/** Three pictures that one decoder is making. */
async function threeAtOnce(t: Test) {
  const bench = await setUp(t, { children: 1 })
  const first = bench.ask(50)
  const clients = [new AbortController(), new AbortController(), new AbortController()] as const
  const [one, two, three] = clients
  const pictures = [bench.ask(1, one.signal), bench.ask(2, two.signal), bench.ask(3, three.signal)] as const
  await pause()
  await bench.media.show(50)
  await bench.media.end()
  await first
  return { ...bench, clients, pictures }
}

t.test('each picture is sent as it comes, whatever becomes of the others', async t => {
  for (const [error, expected] of [
    [undefined, { code: 'video.no_picture', message: /at [13] s/ }],
    [new Error('broken'), { message: 'broken' }],
  ] as const) {
    const { media, pictures, cached, nameOf } = await threeAtOnce(t)
    const [one, two, three] = pictures
    await media.show(2)
    t.equal((await two)[0], 2)
    t.equal(media.running, 1)
    const failed = [one, three].map(picture => t.rejects(picture, expected))
    await media.end(error)
    await Promise.all(failed)
    t.strictSame(await cached(), [nameOf(2), nameOf(50)])
  }
})

t.test('a decoder is stopped when nobody waits for the pictures it has not made yet', async t => {
  const { media, clients, pictures } = await threeAtOnce(t)
  const [one, two, three] = pictures
  const gone = [t.rejects(two, { message: 'two is gone' }), t.rejects(three, { message: 'three is gone' })]
  clients[1].abort(new Error('two is gone'))
  await pause()
  clients[2].abort(new Error('three is gone'))
  await Promise.all(gone)
  t.equal(media.running, 1, 'one is still wanted')
  await media.show(1)
  t.equal((await one)[0], 1)
  t.equal(media.running, 0)
})

t.test('who asks for the same picture gets the same run, and later the one on the disk', async t => {
  const { media, ask, cached, start, folder, nameOf } = await setUp(t)
  const pictures = [ask(12.5), ask(12.5), ask(12.5)]
  await pause()
  await media.finish()
  const [first] = await Promise.all(pictures)
  t.strictSame(await ask(12.5), first)
  t.strictSame(await cached(), [nameOf(12.5)])

  await writeFile(join(folder, `${nameOf(7)}.1.part`), 'half')
  const later = start()
  await later.open()
  t.strictSame(await ask(12.5, never(), later), first)
  t.strictSame(media.asked, [[12.5]], 'it was made once, a restart included')
  t.strictSame(await cached(), [nameOf(12.5)], 'what was half written is removed')
})

t.test('who goes away leaves the line; a run ends when the last one has gone', async t => {
  const { media, ask } = await setUp(t)
  const [one, two, three] = [new AbortController(), new AbortController(), new AbortController()]
  const [first, second] = [ask(1, one.signal), ask(1, two.signal)]
  const other = ask(2)
  const waiting = ask(3, three.signal)
  await pause()
  one.abort(new Error('one is gone'))
  three.abort(new Error('three is gone'))
  await t.rejects(first, { message: 'one is gone' })
  await t.rejects(waiting, { message: 'three is gone' })
  t.equal(media.running, 2, 'somebody still waits')
  two.abort(new Error('two is gone'))
  await t.rejects(second, { message: 'two is gone' })
  await pause()
  t.equal(media.running, 1)
  const again = ask(1)
  await pause()
  await media.finish()
  await Promise.all([other, again])
  t.strictSame(media.asked, [[1], [2], [1]], 'the one that left the line was not made')
})

t.test('too many, or one that waits too long, are told to come again', async t => {
  const busy = { code: 'server.busy', retryAfterMs: 5000 }
  const full = await setUp(t, { children: 1, queue: 2 })
  const pictures = [1, 2, 3].map(at => full.ask(at))
  await pause()
  await t.rejects(full.ask(4), busy)
  t.strictSame(full.media.asked, [[1]])
  await full.media.finish()
  await Promise.all(pictures)

  const slow = await setUp(t, { children: 1, patienceMs: 30 })
  const first = slow.ask(1)
  const late = t.rejects(slow.ask(2), busy)
  await new Promise(resolve => setTimeout(resolve, 100))
  await late
  t.equal(slow.media.running, 1, 'what is being made is not stopped')
  await slow.media.finish()
  await first
})

t.test('the least recently used are removed where there is no room', async t => {
  const { media, ask, cached, folder, nameOf } = await setUp(t, { children: 8, cacheBytes: 3 * PICTURE_BYTES })
  const make = async (at: number) => {
    const picture = ask(at)
    await pause()
    await media.finish()
    await picture
  }
  for (const at of [1, 2, 3]) await make(at)
  await ask(1)
  await make(4)
  t.strictSame(await cached(), [1, 3, 4].map(nameOf))

  const smaller = new Stills({
    ...{ media, children: 1, queue: 1, patienceMs: 1000, cache: new FolderStillCache(folder, 2 * PICTURE_BYTES) },
    logger: { warn: () => undefined },
  })
  for (const name of await cached()) await utimes(join(folder, name), 1, 1)
  await ask(3)
  await utimes(join(folder, nameOf(1)), 2, 2)
  await smaller.open()
  t.strictSame(await cached(), [1, 3].map(nameOf), 'after a restart too')

  const none = await setUp(t, { cacheBytes: 0 })
  const picture = none.ask(1)
  await pause()
  await none.media.finish()
  t.equal((await picture).length, PICTURE_BYTES)
  t.strictSame(await none.cached(), [])
})

t.test('a deleted video takes its pictures with it, and those that are being made', async t => {
  const { media, ask, stills, blobs, video, warnings, cached } = await setUp(t)
  const made = ask(1)
  await pause()
  await media.finish()
  await made
  const making = t.rejects(ask(2), { code: 'video.not_found' })
  await pause()
  await blobs.removeAll(video.id)
  await stills.forget({ tenant: blobs.tenant, videoId: video.id })
  await making
  t.equal(media.running, 0)
  await t.rejects(ask(1), { code: 'record.damaged' }, 'who comes late gets none')
  t.strictSame(await cached(), [])
  t.strictSame(warnings, [])
})

t.test('a picture that cannot be kept is sent all the same, and the log tells', async t => {
  const { media, ask, folder, warnings, cached } = await setUp(t)
  await writeFile(folder, 'a file where the folder should be')
  const picture = ask(1)
  await pause()
  await media.finish()
  t.equal((await picture).length, PICTURE_BYTES)
  t.strictSame(warnings, ['a still could not be cached'])
  await rm(folder)
  t.strictSame(await cached(), [])
})

t.test('sound and times past the end are refused without waiting', async t => {
  const { media, stills, blobs, video, ask } = await setUp(t)
  await t.rejects(ask(video.media.duration), { code: 'video.no_picture', message: /ends at 60 s/ })
  const { video: _, ...sound } = video.media
  const request = { blobs, video: { ...video, media: sound }, at: 1 }
  await t.rejects(stills.picture(request, never()), { code: 'video.no_picture', message: /only audio/ })
  t.strictSame(media.asked, [])
})
