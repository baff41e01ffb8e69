import type { SpanVector } from '@cuewire/server/storage/vectors.js'
import type { Test } from 'tap'
import { aVideo, newId } from '../../support/entities.js'
import type { StoreFactory, TenantStore } from '../store.js'

const SOURCE = 'sentence-vectors'
const SIZE = 64

/** A vector of unit length that points along one axis, and by `tilt` along the next. */
function vector(axis: number, tilt = 0): Float32Array {
  const values = new Float32Array(SIZE)
  const length = Math.hypot(1, tilt)
  values[axis % SIZE] = 1 / length
  values[(axis + 1) % SIZE] = tilt / length
  return values
}

const span = (position: number, axis = position, tilt = 0): SpanVector => ({
  ...{ position, start: position * 2, end: position * 2 + 2 },
  vector: vector(axis, tilt),
})

async function aVideoId({ videos }: TenantStore): Promise<string> {
  const video = aVideo()
  await videos.insert(video, undefined)
  return video.id
}

async function embed(store: TenantStore, videoId: string, spans: readonly SpanVector[], space = 'a@1'): Promise<void> {
  const jobId = newId()
  await store.vectors.begin(videoId, SOURCE, jobId)
  await store.vectors.add(videoId, SOURCE, jobId, space, spans)
  await store.vectors.complete(videoId, SOURCE, jobId)
}

/** What every VectorStore must do. */
export async function vectorContract(t: Test, open: StoreFactory): Promise<void> {
  t.test('the most similar spans come first, with their similarity', async t => {
    const store = await open(t)
    const videoId = await aVideoId(store)
    const spans = Array.from({ length: 50 }, (_, at) => span(at))
    await embed(store, videoId, [...spans, span(50, 7, 0.5)])
    const hits = await store.vectors.nearest({ space: 'a@1', vector: vector(7, 0.1), limit: 2 })
    t.match(hits, [
      { videoId, source: SOURCE, position: 7, start: 14, end: 16 },
      { videoId, source: SOURCE, position: 50 },
    ])
    t.ok(Math.abs((hits[0]?.similarity ?? 0) - 0.995) < 0.01, String(hits[0]?.similarity))
    t.ok(Math.abs((hits[1]?.similarity ?? 0) - 0.935) < 0.01, String(hits[1]?.similarity))
    t.equal(await store.vectors.count(videoId), 51)
  })

  t.test('spaces are apart, and so are videos that are not asked for', async t => {
    const store = await open(t)
    const [first, second] = [await aVideoId(store), await aVideoId(store)]
    await embed(store, first, [span(0)])
    await embed(store, second, [span(0, 0, 0.2)])
    await embed(store, await aVideoId(store), [span(0)], 'b@1')
    const nearest = async (videoIds?: string[]) =>
      (await store.vectors.nearest({ space: 'a@1', vector: vector(0), videoIds, limit: 9 })).map(hit => hit.videoId)
    t.same(await nearest(), [first, second])
    t.same(await nearest([second]), [second])
    t.same(await nearest([]), [])
  })

  t.test('the previous result is found until the new one is complete, and then gone', async t => {
    const store = await open(t)
    const { vectors } = store
    const videoId = await aVideoId(store)
    const found = async () =>
      (await vectors.nearest({ space: 'a@1', vector: vector(0), limit: 9 })).map(hit => hit.position)
    const first = newId()
    await vectors.begin(videoId, SOURCE, first)
    await vectors.add(videoId, SOURCE, first, 'a@1', [span(0)])
    t.same(await found(), [], 'a draft')
    await vectors.complete(videoId, SOURCE, first)
    const second = newId()
    await vectors.begin(videoId, SOURCE, second)
    await vectors.add(videoId, SOURCE, second, 'a@1', [span(3, 0)])
    t.same([await found(), await vectors.count(videoId)], [[0], 1])
    await vectors.complete(videoId, SOURCE, second)
    await vectors.complete(videoId, SOURCE, second)
    t.same([await found(), await vectors.count(videoId)], [[3], 1])
  })

  t.test('a draft goes on after a crash, and only its own job writes to it', async t => {
    const store = await open(t)
    const { vectors } = store
    const [videoId, jobId] = [await aVideoId(store), newId()]
    await vectors.begin(videoId, SOURCE, jobId)
    await vectors.add(videoId, SOURCE, jobId, 'a@1', [span(0), span(1)])
    await vectors.begin(videoId, SOURCE, jobId)
    await vectors.add(videoId, SOURCE, jobId, 'a@1', [span(1), span(2)])
    await t.rejects(vectors.add(videoId, SOURCE, newId(), 'a@1', [span(3)]))
    await vectors.complete(videoId, SOURCE, jobId)
    t.equal(await vectors.count(videoId), 3)
  })

  t.test('they are removed with their video', async t => {
    const store = await open(t)
    const videoId = await aVideoId(store)
    await embed(store, videoId, [span(0)])
    await store.videos.remove(videoId)
    t.same(await store.vectors.nearest({ space: 'a@1', vector: vector(0), limit: 9 }), [])
    t.equal(await store.vectors.count(videoId), 0)
  })
}
