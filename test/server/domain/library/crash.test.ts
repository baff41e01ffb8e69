import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { type Library, mediaBytes, openLibrary, pieces } from '../../../support/library.js'
import { putUpload, readBlob } from '../../../support/put-blobs.js'
import { testFolder } from '../../../support/test-folder.js'
import type { UploadStep } from '../../../support/upload-steps.js'

const CHILD = fileURLToPath(new URL('../../../support/upload-until.js', import.meta.url))

/** Uploads in another process, kills it with -9 at the step, and opens what it left. */
async function killedAt(t: Test, step: UploadStep): Promise<Library & { videoId: string }> {
  const dataDir = testFolder(t)
  const child = spawn(process.execPath, [CHILD, dataDir, step], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const [videoId] = await once(createInterface({ input: child.stdout }), 'line')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const library = await openLibrary(dataDir)
  t.teardown(() => library.close())
  return { ...library, videoId: String(videoId) }
}

async function assertProcessed(t: Test, { store, blobs, videoId }: Library & { videoId: string }): Promise<void> {
  t.match(await store.videos.get(videoId), { title: 'harbour', state: 'queued', sizeBytes: 1000 })
  t.equal((await store.jobs.list({ limit: 10, videoId })).items.length, 1)
  t.strictSame(await readBlob(blobs, 'original', videoId), mediaBytes(1000))
  t.strictSame([await store.uploads.totals(), await blobs.uploads()], [{ count: 0, sizeBytes: 0 }, []])
}

t.test('killed in the middle of the bytes: the upload goes on from what is on the disk', async t => {
  const library = await killedAt(t, 'append')
  const { uploads, upkeep, store, videoId } = library
  await upkeep.recover()
  t.match(await uploads.status(videoId), { offset: 600, sizeBytes: 1000 })
  t.equal(await store.videos.get(videoId), undefined)
  await uploads.append(videoId, 600, pieces(mediaBytes(1000).subarray(600)), new AbortController().signal)
  await assertProcessed(t, library)
})

for (const step of ['probe', 'complete'] as const) {
  t.test(`killed before the step "${step}": the next start finishes the upload`, async t => {
    const library = await killedAt(t, step)
    t.equal(await library.store.videos.get(library.videoId), undefined, 'it was not finished before')
    await library.upkeep.recover()
    t.strictSame(
      library.events.map(([type]) => type),
      ['video.created', 'video.created'],
    )
    await assertProcessed(t, library)
    await library.upkeep.recover()
    await assertProcessed(t, library)
  })
}

t.test('killed between video and job: the next start queues the job', async t => {
  const library = await killedAt(t, 'enqueue')
  t.match(await library.store.videos.get(library.videoId), { state: 'queued' })
  t.strictSame((await library.store.jobs.list({ limit: 1 })).items, [])
  await library.upkeep.recover()
  await assertProcessed(t, library)
})

t.test('a whole upload that is not media is removed at the next start; the rest still gets its turn', async t => {
  const library = await openLibrary(testFolder(t))
  t.teardown(() => library.close())
  const { blobs, store, uploads, upkeep, warnings } = library
  const bad = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 5 })
  const good = await uploads.reserve({ filename: 'b.mp4', sizeBytes: 10 })
  await putUpload(blobs, bad.videoId, 'hello')
  await putUpload(blobs, good.videoId, mediaBytes(10))
  await upkeep.recover()
  await t.rejects(uploads.status(bad.videoId), { code: 'upload.not_found' })
  t.strictSame(warnings, ['finishing an upload failed'])
  t.ok(await store.videos.get(good.videoId))
})
