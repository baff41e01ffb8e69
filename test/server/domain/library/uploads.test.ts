import { statfs } from 'node:fs/promises'
import type { UploadsOptions } from '@cuewire/server/domain/library/uploads.js'
import { AppError } from '@cuewire/server/lib/app-error.js'
import type { Store } from '@cuewire/server/storage/store.js'
import t, { type Test } from 'tap'
import { newId } from '../../../support/entities.js'
import { type Library, mediaBytes, openLibrary, pieces } from '../../../support/library.js'
import { readBlob } from '../../../support/put-blobs.js'
import { testFolder } from '../../../support/test-folder.js'

const never = () => new AbortController().signal

async function library(
  t: Test,
  change?: (options: UploadsOptions, store: Store) => Partial<UploadsOptions>,
): Promise<Library> {
  const opened = await openLibrary(testFolder(t), change)
  t.teardown(() => opened.close())
  return opened
}

t.test('an upload in several pieces becomes a queued video with a job', async t => {
  const { uploads, store, blobs, events } = await library(t)
  const bytes = mediaBytes(1000)
  const subtitles = { format: 'vtt', text: 'WEBVTT' } as const
  const upload = await uploads.reserve({ filename: 'my harbour.mp4', sizeBytes: 1000, subtitles })
  t.match(upload, {
    url: `/v1/uploads/${upload.videoId}`,
    offset: 0,
    sizeBytes: 1000,
    expiresAt: '2026-11-23T00:01:00.000Z',
  })
  const id = upload.videoId
  t.equal(await uploads.append(id, 0, pieces(bytes.subarray(0, 100), bytes.subarray(100, 400)), never()), 400)
  t.equal((await uploads.status(id)).offset, 400)
  t.equal(await store.videos.get(id), undefined, 'not a video yet')
  t.equal(await uploads.append(id, 400, pieces(bytes.subarray(400)), never()), 1000)

  const video = await store.videos.get(id)
  t.match(video, {
    id,
    title: 'my harbour',
    filename: 'my harbour.mp4',
    state: 'queued',
    sizeBytes: 1000,
    media: { duration: 60 },
  })
  t.strictSame(await store.videos.givenSubtitles(id), subtitles)
  const [created] = events
  t.match(created?.[2], { video: { id, title: 'my harbour', state: 'queued', createdAt: video?.createdAt } })
  t.strictSame(events, [created, ['video.created', `video/${id}`, created?.[2]]])
  t.strictSame(await store.jobs.active(id), [video?.jobId])
  t.strictSame(await readBlob(blobs, 'original', id), bytes)
  t.equal(await readBlob(blobs, 'upload', id), undefined)
})

t.test('a finished upload stands at its end, for a client that missed the last reply', async t => {
  const { uploads } = await library(t)
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  await uploads.append(videoId, 0, pieces(mediaBytes(10)), never())
  t.match(await uploads.status(videoId), { offset: 10, sizeBytes: 10 })
  t.equal(await uploads.append(videoId, 10, pieces(), never()), 10)
  await t.rejects(uploads.append(videoId, 0, pieces(mediaBytes(10)), never()), { code: 'upload.offset_mismatch' })
})

t.test('it is told that bytes come, before they do, and not of bytes that are refused', async t => {
  let told = 0
  const { uploads } = await library(t, () => ({ onBytes: () => void told++ }))
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  await t.rejects(uploads.append(videoId, 5, pieces(mediaBytes(5)), never()), { code: 'upload.offset_mismatch' })
  t.equal(told, 0)
  const source = async function* () {
    t.equal(told, 1)
    yield mediaBytes(10)
  }
  await uploads.append(videoId, 0, source(), never())
  t.equal(told, 1)
})

t.test('what cannot be taken is refused before any byte', async t => {
  const bad = new AppError('subtitles.invalid', 'No cue.')
  const { uploads, store } = await library(t, () => ({ checkSubtitles: () => Promise.reject(bad) }))
  const reserve = (sizeBytes: number, more = {}) => uploads.reserve({ filename: 'a.mp4', sizeBytes, ...more })
  await t.rejects(reserve(0), { code: 'upload.empty' })
  await t.rejects(reserve(10_000_000_000), { code: 'upload.too_large', message: /1000000 bytes/ })
  await t.rejects(reserve(1_000_001), { code: 'upload.too_large' })
  await t.rejects(reserve(1, { subtitles: { format: 'vtt', text: 'x' } }), { code: 'subtitles.invalid' })
  t.equal((await store.uploads.totals()).count, 0)
  await t.resolves(reserve(1_000_000))
})

t.test('a disk without room for all that is promised refuses more', async t => {
  const disk = await statfs(testFolder(t))
  const free = disk.bavail * disk.bsize
  const limits = { uploadBytes: free * 4, openUploads: 100, expiryMs: 1000 }
  const { uploads } = await library(t, () => ({ limits }))
  await t.rejects(uploads.reserve({ filename: 'a.mp4', sizeBytes: free * 2 }), { code: 'server.disk_full' })
  await uploads.reserve({ filename: 'a.mp4', sizeBytes: Math.floor(free * 0.6) })
  await t.rejects(uploads.reserve({ filename: 'b.mp4', sizeBytes: Math.floor(free * 0.6) }), {
    code: 'server.disk_full',
  })
})

t.test('titles come from the request, else from the file name', async t => {
  const { uploads, store } = await library(t)
  const title = async (filename: string, title?: string) => {
    const { videoId } = await uploads.reserve({ filename, title, sizeBytes: 1 })
    return (await store.uploads.get(videoId))?.title
  }
  t.equal(await title('a.mp4', 'Quay'), 'Quay')
  t.equal(await title('../../etc/harbour.tar.mp4'), 'harbour.tar')
  t.equal(await title('.mp4'), '.mp4')
  t.equal(await title('/'), '/')
  t.equal([...((await title('🌊'.repeat(255))) ?? '')].length, 200)
})

t.test('the wrong offset is refused with the right one', async t => {
  const { uploads } = await library(t)
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  await uploads.append(videoId, 0, pieces(mediaBytes(4)), never())
  for (const offset of [0, 3, 5, 10]) {
    await t.rejects(uploads.append(videoId, offset, pieces(mediaBytes(1)), never()), {
      code: 'upload.offset_mismatch',
      message: /at offset 4/,
    })
  }
})

t.test('more bytes than declared are refused, the ones before them kept', async t => {
  const { uploads, blobs, store } = await library(t)
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  await t.rejects(uploads.append(videoId, 0, pieces(mediaBytes(6), mediaBytes(5)), never()), {
    code: 'upload.too_large',
  })
  t.equal(await blobs.size({ kind: 'upload', id: videoId }), 6)
  t.equal(await store.videos.get(videoId), undefined)
})

t.test('a finished upload refuses more bytes, also when they come with its last ones', async t => {
  const { uploads, store } = await library(t)
  const tooLarge = { code: 'upload.too_large', message: /size of 10/ }
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  await t.rejects(uploads.append(videoId, 0, pieces(mediaBytes(10), mediaBytes(1)), never()), tooLarge)
  t.match(await store.videos.get(videoId), { state: 'queued' }, 'it was whole')
  await t.rejects(uploads.append(videoId, 10, pieces(mediaBytes(1)), never()), tooLarge)
  const client = new AbortController()
  const hanging = uploads.append(
    videoId,
    10,
    silent(mediaBytes(0), () => client.abort()),
    client.signal,
  )
  await t.rejects(hanging, { name: 'AbortError' })
  t.equal(await uploads.append(videoId, 10, pieces(), never()), 10)
})

t.test('one writer at a time', async t => {
  const { uploads } = await library(t)
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  const client = new AbortController()
  const written = gate()
  const hanging = uploads.append(videoId, 0, silent(mediaBytes(3), written.reached), client.signal)
  await written.reachedOnce
  const failed = t.rejects(hanging, { name: 'AbortError' })
  await t.rejects(uploads.append(videoId, 3, pieces(mediaBytes(7)), never()), { code: 'upload.locked' })
  await t.rejects(uploads.remove(videoId), { code: 'upload.locked' })
  client.abort()
  await failed
  t.match(await uploads.status(videoId), { offset: 3 }, 'what came before the client dropped is kept')
  t.equal(await uploads.append(videoId, 3, pieces(mediaBytes(10).subarray(3)), never()), 10)
})

t.test('a file that is not media leaves nothing behind', async t => {
  const { uploads, blobs, store, events } = await library(t)
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 5 })
  await t.rejects(uploads.append(videoId, 0, pieces(Buffer.from('hello')), never()), { code: 'media.unreadable' })
  await t.rejects(uploads.status(videoId), { code: 'upload.not_found' })
  await t.rejects(uploads.append(videoId, 5, pieces(), never()), { code: 'upload.not_found' })
  t.strictSame([await store.uploads.totals(), events], [{ count: 0, sizeBytes: 0 }, []])
  for (const kind of ['upload', 'original'] as const) t.equal(await readBlob(blobs, kind, videoId), undefined)
})

t.test('a client that drops at the last byte still gets its video', async t => {
  const { uploads, store } = await library(t)
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  const client = new AbortController()
  const source = silent(mediaBytes(10), () => client.abort())
  t.equal(await uploads.append(videoId, 0, source, client.signal), 10)
  t.match(await store.videos.get(videoId), { state: 'queued' })
})

t.test('who asks while the file is probed is told what came of it', async t => {
  const probing = gate()
  const { uploads } = await library(t, ({ media }) => ({
    media: {
      async probe(file, signal) {
        probing.reached()
        await probing.released
        return media.probe(file, signal)
      },
    },
  }))
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 5 })
  const appended = t.rejects(uploads.append(videoId, 0, pieces(Buffer.from('hello')), never()))
  await probing.reachedOnce
  const asked = t.rejects(uploads.status(videoId), { code: 'upload.not_found' })
  probing.release()
  await Promise.all([appended, asked])
})

t.test('a fault of ours while finishing keeps the bytes, and an empty append tries again', async t => {
  let faults = 1
  const { uploads, store } = await library(t, ({ media }) => ({
    media: {
      probe: (file, signal) => (faults-- > 0 ? Promise.reject(new Error('no ffprobe')) : media.probe(file, signal)),
    },
  }))
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  await t.rejects(uploads.append(videoId, 0, pieces(mediaBytes(10)), never()), { message: 'no ffprobe' })
  t.match(await uploads.status(videoId), { offset: 10 })
  t.equal(await uploads.append(videoId, 10, pieces(), never()), 10)
  t.ok(await store.videos.get(videoId))
})

t.test('with a full queue the video is there and says why it is not processed', async t => {
  const full = new AppError('queue.full', 'The queue is full.')
  const { uploads, store, events } = await library(t, () => ({ processing: { enqueue: () => Promise.reject(full) } }))
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  t.equal(await uploads.append(videoId, 0, pieces(mediaBytes(10)), never()), 10)
  const error = { code: 'queue.full', message: 'The queue is full.', retryable: true } as const
  t.match(await store.videos.get(videoId), { state: 'failed', error })
  t.match(events.at(-1), ['video.updated', `video/${videoId}`, { video: { state: 'failed' } }])
})

t.test('an upload expires when it stands still, not while bytes come', async t => {
  const { uploads, upkeep, store, blobs, clock } = await library(t)
  const still = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  const slow = await uploads.reserve({ filename: 'b.mp4', sizeBytes: 10 })
  const busy = await uploads.reserve({ filename: 'c.mp4', sizeBytes: 10 })
  await uploads.append(still.videoId, 0, pieces(mediaBytes(2)), never())
  clock.now += 59_999
  await upkeep.sweep()
  t.equal((await store.uploads.totals()).count, 3)
  await uploads.append(slow.videoId, 0, pieces(mediaBytes(2)), never())
  const client = new AbortController()
  const written = gate()
  const hanging = t.rejects(uploads.append(busy.videoId, 0, silent(mediaBytes(2), written.reached), client.signal))
  await written.reachedOnce
  clock.now += 1
  await upkeep.sweep()
  t.equal((await store.uploads.totals()).count, 2)
  await t.rejects(uploads.status(still.videoId), { code: 'upload.not_found' })
  t.match(await uploads.status(slow.videoId), { offset: 2 })
  t.equal(await readBlob(blobs, 'upload', still.videoId), undefined)
  client.abort()
  await hanging
  t.match(await uploads.status(busy.videoId), { offset: 2 })
})

t.test('an upload can be given up', async t => {
  const { uploads, blobs } = await library(t)
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  await uploads.append(videoId, 0, pieces(mediaBytes(2)), never())
  await uploads.remove(videoId)
  t.equal(await readBlob(blobs, 'upload', videoId), undefined)
  await t.rejects(uploads.remove(videoId), { code: 'upload.not_found' })
  await t.rejects(uploads.append(videoId, 2, pieces(), never()), { code: 'upload.not_found' })
  await t.rejects(uploads.status('../../../etc/passwd'), { code: 'upload.not_found' })
  await t.rejects(uploads.append(newId(), 0, pieces(), never()), { code: 'upload.not_found' })
})

t.test('closing ends the writers, keeps their bytes and takes no more', async t => {
  const { uploads, blobs } = await library(t)
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  const written = gate()
  const source = silent(mediaBytes(3), written.reached)
  const hanging = t.rejects(uploads.append(videoId, 0, source, never()), { code: 'server.draining' })
  await written.reachedOnce
  await uploads.close()
  await hanging
  t.equal(await blobs.size({ kind: 'upload', id: videoId }), 3)
  await t.rejects(uploads.append(videoId, 3, pieces(mediaBytes(1)), never()), { code: 'server.draining' })
})

/** A source that gives its bytes, then neither ends nor gives more; `then` is called when it is asked for more. */
async function* silent(bytes: Uint8Array, then: () => void = () => undefined): AsyncGenerator<Uint8Array> {
  yield bytes
  then()
  await new Promise(() => undefined)
}

/** A place where the code under test waits until the test lets it go on. */
function gate() {
  let release: () => void = () => undefined
  let reached: () => void = () => undefined
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  const reachedOnce = new Promise<void>(resolve => {
    reached = resolve
  })
  return { released, release: () => release(), reachedOnce, reached: () => reached() }
}
