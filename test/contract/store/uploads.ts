import type { UploadRow } from '@cuewire/server/storage/store.js'
import type { Test } from 'tap'
import { at, aVideo, newId } from '../../support/entities.js'
import type { StoreFactory } from '../store.js'

const anUpload = (change: Partial<UploadRow> = {}): UploadRow => ({
  videoId: newId(),
  filename: 'harbour.mp4',
  title: 'Harbour',
  sizeBytes: 10_000_000_000,
  subtitles: undefined,
  createdAt: at(0),
  expiresAt: at(3600),
  ...change,
})

/** What every UploadStore must do. */
export async function uploadContract(t: Test, open: StoreFactory): Promise<void> {
  t.test('an upload comes back as it was put in, until it is removed', async t => {
    const { uploads } = await open(t)
    const upload = anUpload({ subtitles: { format: 'vtt', text: 'WEBVTT', language: 'en' } })
    await uploads.insert(upload)
    t.strictSame(await uploads.get(upload.videoId), upload)
    t.equal(await uploads.remove(upload.videoId), true)
    t.equal(await uploads.get(upload.videoId), undefined)
    t.equal(await uploads.remove(upload.videoId), false)
  })

  t.test('uploads are listed by when they expire, which can be put off', async t => {
    const { uploads } = await open(t)
    const [first, second] = [anUpload({ expiresAt: at(10) }), anUpload({ expiresAt: at(20) })]
    await uploads.insert(second)
    await uploads.insert(first)
    t.strictSame(await uploads.list(), [first, second])
    await uploads.prolong(first.videoId, at(30))
    t.strictSame(await uploads.list(), [second, { ...first, expiresAt: at(30) }])
  })

  t.test('a completed upload is a video with the subtitles that came with it, and no upload any more', async t => {
    const { uploads, videos, search } = await open(t)
    const upload = anUpload({ subtitles: { format: 'vtt', text: 'WEBVTT' } })
    await uploads.insert(upload)
    const video = aVideo({ id: upload.videoId })
    await uploads.complete(video)
    t.equal(await uploads.get(upload.videoId), undefined)
    t.strictSame(await videos.get(video.id), video)
    t.strictSame(await videos.givenSubtitles(video.id), upload.subtitles)
    t.match(await search.search({ terms: ['harbour'], limit: 5 }), [{ modality: 'title', videoId: video.id }])
  })

  t.test('completing what is no upload adds no video', async t => {
    const { uploads, videos } = await open(t)
    const video = aVideo()
    await t.rejects(uploads.complete(video), { code: 'upload.not_found' })
    t.equal(await videos.get(video.id), undefined)
  })

  t.test('a completion that fails half-way leaves the upload', async t => {
    const { uploads, videos } = await open(t)
    const upload = anUpload()
    await uploads.insert(upload)
    await videos.insert(aVideo({ id: upload.videoId }), undefined)
    await t.rejects(uploads.complete(aVideo({ id: upload.videoId })))
    t.strictSame(await uploads.get(upload.videoId), upload)
  })
}
