import { createVideos } from '@cuewire/server/domain/library/videos.js'
import t, { type Test } from 'tap'
import { aVideo, newId } from '../../../support/entities.js'
import { openLibrary } from '../../../support/library.js'
import { putOriginal } from '../../../support/put-blobs.js'
import { testFolder } from '../../../support/test-folder.js'

async function withVideo(t: Test) {
  const { store, blobs, events, close } = await openLibrary(testFolder(t))
  t.teardown(close)
  const calls: unknown[] = []
  const videos = createVideos({
    store,
    blobs,
    processing: {
      async stop(videoId) {
        calls.push(['stopped', (await store.videos.get(videoId))?.id])
      },
    },
    async removeFiles(id) {
      calls.push(['row', await store.videos.get(id)])
      await blobs.removeAll(id)
    },
  })
  const video = aVideo()
  await store.videos.insert(video, undefined)
  await putOriginal(blobs, video.id, 'MEDIA')
  return { store, blobs, events, videos, video, calls }
}

t.test('a rename is stored and announced', async t => {
  const { videos, video, events } = await withVideo(t)
  const renamed = await videos.rename(video.id, 'Quay')
  t.match(renamed, { id: video.id, title: 'Quay' })
  t.strictSame(await videos.get(video.id), renamed)
  t.strictSame((await videos.list({ limit: 1 })).items, [renamed])
  t.strictSame(events, [
    ['video.updated', 'library', { video: renamed }],
    ['video.updated', `video/${video.id}`, { video: renamed }],
  ])
})

t.test('removal stops the processing while the video still stands, then takes row, files and tells', async t => {
  const { videos, video, blobs, calls, events } = await withVideo(t)
  await videos.remove(video.id)
  t.strictSame(calls, [
    ['stopped', video.id],
    ['row', undefined],
  ])
  t.strictSame(events, [
    ['video.deleted', 'library', { videoId: video.id }],
    ['video.deleted', `video/${video.id}`, { videoId: video.id }],
  ])
  t.equal(await blobs.size({ kind: 'original', id: video.id }), undefined)
  await t.rejects(async () => videos.get(video.id), { code: 'video.not_found' })
})

t.test('of two removals at once one is told that there is no video', async t => {
  const { videos, video, events } = await withVideo(t)
  const ends = await Promise.allSettled([videos.remove(video.id), videos.remove(video.id)])
  t.strictSame(ends.map(end => end.status).sort(), ['fulfilled', 'rejected'])
  t.equal(events.filter(([type]) => type === 'video.deleted').length, 2, 'once on each topic')
})

t.test('a poster is there once it is made', async t => {
  const { videos, video, blobs } = await withVideo(t)
  await t.rejects(videos.poster(video.id), { code: 'video.no_picture' })
  await blobs.write({ kind: 'poster', id: video.id }, Buffer.from('jpeg'))
  await using poster = await videos.poster(video.id)
  t.equal(poster.sizeBytes, 'jpeg'.length)
})

t.test('so is a storyboard', async t => {
  const { videos, video, blobs } = await withVideo(t)
  await t.rejects(videos.storyboard(video.id, 'storyboard'), { code: 'video.no_picture', message: /no storyboard/ })
  await blobs.write({ kind: 'storyboardTimes', id: video.id }, Buffer.from('WEBVTT'))
  await using times = await videos.storyboard(video.id, 'storyboardTimes')
  t.equal(times.sizeBytes, 'WEBVTT'.length)
})

t.test('what is no video is not found', async t => {
  const { videos } = await withVideo(t)
  for (const id of [newId(), '../../etc/passwd', '']) {
    await t.rejects(async () => videos.get(id), { code: 'video.not_found' })
    await t.rejects(videos.rename(id, 'x'), { code: 'video.not_found' })
    await t.rejects(videos.remove(id), { code: 'video.not_found' })
    await t.rejects(videos.poster(id), { code: 'video.not_found' })
  }
})
