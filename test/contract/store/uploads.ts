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
  metadata: undefined,
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  createdAt: at(0),
  expiresAt: at(3600),
  ...change,
})

/** What every UploadStore must do. */
export async function uploadContract(t: Test, open: StoreFactory): Promise<void> {
  t.test('an upload comes back as it was put in, until it is removed', async t => {
    const { uploads } = await open(t)
    const upload = anUpload({ subtitles: { format: 'vtt', text: 'WEBVTT', language: 'en' }, metadata: 'filename YQ==' })
    await uploads.insert(upload)
    t.strictSame(await uploads.get(upload.videoId), upload)
    t.equal(await uploads.remove(upload.videoId), true)
    t.equal(await uploads.get(upload.videoId), undefined)
    t.equal(await uploads.remove(upload.videoId), false)
  })

  t.test('uploads are listed by when they expire, which can be put off, without what came with them', async t => {
    const { uploads, server, tenant } = await open(t)
    const { upkeep } = server
    const subtitles = { format: 'vtt', text: 'WEBVTT' } as const
    const [first, second] = [anUpload({ expiresAt: at(10), subtitles }), anUpload({ expiresAt: at(20), sizeBytes: 7 })]
    await uploads.insert(second)
    await uploads.insert(first)
    const [one, two] = [first, second].map(({ videoId, sizeBytes }) => ({ tenant, videoId, sizeBytes }))
    t.strictSame(await upkeep.uploads(), [one, two])
    t.strictSame(await upkeep.uploads(at(9)), [])
    t.strictSame(await upkeep.uploads(at(10)), [one], 'those only that have expired by then')
    await uploads.prolong(first.videoId, at(30))
    t.strictSame(await upkeep.uploads(), [two, one])
    t.strictSame(await uploads.get(first.videoId), { ...first, expiresAt: at(30) })
    t.equal(await uploads.remove(first.videoId, at(29)), false, 'not while it has time')
    t.equal(await uploads.remove(first.videoId, at(30)), true)
  })

  t.test('uploads are counted, and their sizes summed', async t => {
    const { uploads } = await open(t)
    t.strictSame(await uploads.totals(), { count: 0, sizeBytes: 0 })
    await uploads.insert(anUpload({ sizeBytes: 10_000_000_000 }))
    const small = anUpload({ sizeBytes: 7 })
    await uploads.insert(small)
    t.strictSame(await uploads.totals(), { count: 2, sizeBytes: 10_000_000_007 })
    await uploads.remove(small.videoId)
    t.strictSame(await uploads.totals(), { count: 1, sizeBytes: 10_000_000_000 })
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
