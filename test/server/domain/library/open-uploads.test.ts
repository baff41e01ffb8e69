import { mkdir, statfs, truncate, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { VideoFiles } from '@cuewire/server/domain/library/files.js'
import type { UploadsOptions } from '@cuewire/server/domain/library/uploads.js'
import t, { type Test } from 'tap'
import { newId } from '../../../support/entities.js'
import { type Library, mediaBytes, openLibrary, pieces, TENANT } from '../../../support/library.js'
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
  const { uploads, files } = await library(t, { limits: { uploadBytes: free, openUploads: 100, expiryMs: 1000 } })
  const reserve = () => uploads.reserve({ filename: 'a.mp4', sizeBytes: Math.floor(free * 0.4) })
  const first = await reserve()
  const refused = refusals(await Promise.allSettled([reserve(), reserve(), reserve()]))
  t.strictSame(refused, ['server.disk_full', 'server.disk_full'])

  // A hole: the file has its size and the disk all its room.
  await mkdir(dirname(files.upload(first.videoId)), { recursive: true })
  await writeFile(files.upload(first.videoId), '')
  await truncate(files.upload(first.videoId), first.sizeBytes)
  await t.resolves(reserve(), 'bytes that have come need no more room')
  await t.rejects(reserve(), { code: 'server.disk_full' })
})

t.test('a reservation reads no file, or on a disk short of room only those that have bytes', async t => {
  const free = await freeBytes(t)
  const files = new CountingFiles(testFolder(t), TENANT)
  const { uploads } = await library(t, { files, limits: { uploadBytes: free, openUploads: 100, expiryMs: 1000 } })
  await mkdir(dirname(files.upload(newId())), { recursive: true })
  for (let i = 0; i < 20; i++) {
    const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
    if (i < 3) await writeFile(files.upload(videoId), 'MEDIA')
  }
  t.equal(files.looks, 0)
  await uploads.reserve({ filename: 'a.mp4', sizeBytes: Math.floor(free * 0.6) })
  await t.rejects(uploads.reserve({ filename: 'a.mp4', sizeBytes: Math.floor(free * 0.6) }))
  t.equal(files.looks, 3)
})

/** Files that count how often the size of an upload is read. */
class CountingFiles extends VideoFiles {
  looks = 0

  override uploadedBytes(id: string): Promise<number> {
    this.looks++
    return super.uploadedBytes(id)
  }
}

async function freeBytes(t: Test): Promise<number> {
  const { bavail, bsize } = await statfs(testFolder(t))
  return bavail * bsize
}
