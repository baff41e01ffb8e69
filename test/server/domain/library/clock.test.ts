import t from 'tap'
import { mediaBytes, openLibrary, pieces } from '../../../support/library.js'
import { testFolder } from '../../../support/test-folder.js'

const HOUR_MS = 3_600_000
const never = () => new AbortController().signal

t.test('a clock that is set back during an upload, and then right, loses nothing', async t => {
  const library = await openLibrary(testFolder(t))
  t.teardown(() => library.close())
  const { uploads, upkeep, store, clock } = library
  const { videoId } = await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  clock.now -= HOUR_MS
  await upkeep.sweep()
  t.equal(await uploads.append(videoId, 0, pieces(mediaBytes(4)), never()), 4)
  clock.now += HOUR_MS
  await upkeep.sweep()
  t.match(await uploads.status(videoId), { offset: 4 }, 'bytes came just now')
  clock.now -= HOUR_MS
  t.equal(await uploads.append(videoId, 4, pieces(mediaBytes(10).subarray(4)), never()), 10)
  const video = await store.videos.get(videoId)
  t.equal(video?.state, 'queued')
  t.ok(video && video.createdAt <= video.updatedAt, `${video?.createdAt} <= ${video?.updatedAt}`)
  t.equal((await store.videos.list({ limit: 5 })).items.length, 1)
})

t.test('an upload that stands still is given up once the clock is there again', async t => {
  const library = await openLibrary(testFolder(t))
  t.teardown(() => library.close())
  const { uploads, upkeep, store, clock } = library
  await uploads.reserve({ filename: 'a.mp4', sizeBytes: 10 })
  clock.now -= HOUR_MS
  await upkeep.sweep()
  t.equal((await store.uploads.totals()).count, 1)
  clock.now += HOUR_MS + 60_000
  await upkeep.sweep()
  t.equal((await store.uploads.totals()).count, 0)
})
