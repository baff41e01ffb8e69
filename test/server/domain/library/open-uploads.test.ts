import { statfs, truncate } from 'node:fs/promises'
import type { UploadsOptions } from '@cuewire/server/domain/library/uploads.js'
import { folderBlobs } from '@cuewire/server/storage/folder/blobs.js'
import t, { type Test } from 'tap'
import { type Library, mediaBytes, openLibrary, pieces, TENANT } from '../../../support/library.js'
import { pathOf, putUpload } from '../../../support/put-blobs.js'
import { testFolder } from '../../../support/test-folder.js'

async function library(t: Test, change: Partial<UploadsOptions>): Promise<Library> {
  const opened = await openLibrary(testFolder(t), () => change)
  t.teardown(() => opened.close())
  return opened
}

const never = () => new AbortController().signal

/** The codes of what was refused. */
const refusals = (outcomes: PromiseSettledResult<unknown>[]): unknown[] =>
  outcomes.flatMap(outcome => (outcome.status === 'rejected' ? outcome.reason.code : []))

t.test('so many uploads may be unfinished and no more, however many are asked for at once', async t => {
  const limits = { uploadBytes: 1000, openUploads: 10, expiryMs: 1000 }
  const { uploads, upkeep, server, store, clock } = await library(t, { limits })
  const reserve = () => uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  const refused = refusals(await Promise.allSettled(Array.from({ length: 50 }, reserve)))
  t.strictSame(refused, Array(40).fill('upload.too_many'))
  const [given, finished, ...others] = await server.upkeep.uploads()
  t.equal(others.length, 8)
  await t.rejects(reserve(), { code: 'upload.too_many', message: /10 unfinished uploads.*finish or remove/ })

  await uploads.remove(String(given?.videoId))
  await t.resolves(reserve(), 'one that is given up makes room')
  await t.rejects(reserve(), { code: 'upload.too_many' })
  await uploads.append(String(finished?.videoId), 0, pieces(mediaBytes(10)), never())
  await t.resolves(reserve(), 'so does one that is finished')
  await t.rejects(reserve(), { code: 'upload.too_many' })
  clock.now += 1001
  await upkeep.sweep()
  t.equal((await store.uploads.totals()).count, 0)
  await t.resolves(reserve(), 'so do those that have expired')
})

t.test('the room of the disk is promised once, also to reservations that come at once', async t => {
  const free = await freeBytes(t)
  const { uploads, blobs } = await library(t, { limits: { uploadBytes: free, openUploads: 100, expiryMs: 1000 } })
  const reserve = () => uploads.reserve({ filename: 'a.mp4', sizeBytes: Math.floor(free * 0.4) })
  const first = await reserve()
  const refused = refusals(await Promise.allSettled([reserve(), reserve(), reserve()]))
  t.strictSame(refused, ['server.disk_full', 'server.disk_full'])

  // A hole: the file has its size and the disk all its room.
  await putUpload(blobs, first.videoId, '')
  await truncate(await pathOf(blobs, 'upload', first.videoId), first.sizeBytes)
  await t.resolves(reserve(), 'bytes that have come need no more room')
  await t.rejects(reserve(), { code: 'server.disk_full' })
})

t.test('a reservation looks at what has come only on a disk short of room', async t => {
  const free = await freeBytes(t)
  const blobs = folderBlobs(testFolder(t)).for(TENANT)
  const { uploads } = await library(t, { blobs, limits: { uploadBytes: free, openUploads: 100, expiryMs: 1000 } })
  const looks = t.capture(blobs, 'uploads', blobs.uploads)
  for (let i = 0; i < 20; i++) {
    const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
    if (i < 3) await putUpload(blobs, videoId, 'MEDIA')
  }
  t.equal(looks().length, 0)
  await uploads.reserve({ filename: 'a.mp4', sizeBytes: Math.floor(free * 0.6) })
  await t.rejects(uploads.reserve({ filename: 'a.mp4', sizeBytes: Math.floor(free * 0.6) }))
  t.equal(looks().length, 1)
  t.equal((await blobs.uploads()).length, 3, 'and then only at those that have bytes')
})

async function freeBytes(t: Test): Promise<number> {
  const { bavail, bsize } = await statfs(testFolder(t))
  return bavail * bsize
}
