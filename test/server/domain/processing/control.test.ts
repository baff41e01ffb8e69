import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Id } from '@cuewire/protocol'
import type { Models } from '@cuewire/server/models/models.js'
import t from 'tap'
import { clipMaker } from '../../../support/clips.js'
import { countingModels } from '../../../support/counting-models.js'
import { newId } from '../../../support/entities.js'
import { useModels } from '../../../support/models.js'
import { type Bench, countsOf, openBench, statesOf, useBench } from '../../../support/processing.js'
import { putOriginal } from '../../../support/put-blobs.js'
import { testFolder } from '../../../support/test-folder.js'

const models = await useModels(t)
const clips = await clipMaker(t)
const clip = await clips.plain()
/** A picture that never rests, so that every sampled frame is analysed. */
const busy = await clips.make('busy.mp4', [
  ...['-f', 'lavfi', '-i', 'mandelbrot=size=320x180:rate=25', '-t', '12'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
])

/** Resolves when so many frames have been stored. */
async function looked(bench: Bench, videoId: Id, frames: number): Promise<void> {
  await bench.bus.waitFor(
    ({ type, data }) => type === 'processing.progress' && 'stage' in data && data.stage === 'objects',
  )
  for (;;) {
    if ((await bench.store.content.counts(videoId)).detections >= frames) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

async function ffmpegChildren(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'comm=', '--ppid', String(process.pid)])
  return stdout.split('\n').filter(name => name.startsWith('ff'))
}

t.test('cancel ends a running job within a second, and retry goes on where it stood', async t => {
  const calls: string[] = []
  const bench = await useBench(t, { models: countingModels(models, call => calls.push(call)) })
  const video = await bench.add(busy)
  bench.processing.start()
  const { id } = await bench.processing.enqueue(video.id)
  await looked(bench, video.id, 3)
  const told = bench.bus.of('processing.progress', `job/${id}`).map(({ data }) => data)
  t.match(told.at(-1), { jobId: id, progress: { unit: 'seconds' } }, 'progress shows while it runs')

  const asked = performance.now()
  const cancelled = await bench.processing.cancel(id)
  t.ok(performance.now() - asked < 1000)
  t.equal(cancelled.state, 'cancelled')
  t.strictSame(await ffmpegChildren(), [], 'ffmpeg is gone')
  t.match(statesOf(cancelled), { probe: 'completed', decode: 'cancelled', objects: 'cancelled' })
  t.equal((await bench.store.videos.get(video.id))?.state, 'cancelled')
  t.equal(bench.bus.of('processing.cancelled', `job/${id}`).length, 1)
  await t.rejects(bench.processing.cancel(id), { code: 'job.finished' })
  await t.rejects(bench.processing.retry(newId()), { code: 'job.not_found' })

  bench.bus.events.length = 0
  const stored = (await bench.store.content.counts(video.id)).detections
  calls.length = 0
  await bench.processing.retry(id)
  const job = await bench.ended(id)
  t.equal(job.state, 'completed')
  t.equal(job.attempt, 2)
  const frames = (await bench.store.content.list(video.id, 'detections', { limit: 200 })).items
  t.equal(countsOf(job)['objects.framesAnalysed'], frames.length)
  t.equal(calls.length, frames.length - stored, 'no frame that was stored is given to the model again')
  await t.rejects(bench.processing.retry(id), { code: 'job.not_retryable' })
})

t.test('a job that waits is cancelled without ever starting', async t => {
  const bench = await useBench(t, { models })
  const video = await bench.add(clip)
  const { id } = await bench.processing.enqueue(video.id)
  t.equal((await bench.processing.cancel(id)).state, 'cancelled')
  bench.processing.start()
  const other = await bench.processing.enqueue((await bench.add(clip)).id)
  await bench.ended(other.id)
  t.equal((await bench.processing.get(id)).attempt, 0)
})

t.test('closing hands the running job back, and the next start continues it', async t => {
  const dir = testFolder(t)
  const calls: string[] = []
  const first = await openBench({ dir, models: countingModels(models, call => calls.push(call)) })
  const video = await first.add(busy)
  first.processing.start()
  const { id } = await first.processing.enqueue(video.id)
  await looked(first, video.id, 3)
  await first.processing.close()
  t.equal((await first.processing.get(id)).state, 'queued')
  t.strictSame(await ffmpegChildren(), [])
  const stored = (await first.store.content.counts(video.id)).detections
  calls.length = 0
  await first.server.close()

  const second = await openBench({ dir, models: countingModels(models, call => calls.push(call)) })
  t.teardown(() => second.close())
  second.processing.start()
  const job = await second.ended(id)
  t.equal(job.state, 'completed')
  const frames = (await second.store.content.list(video.id, 'detections', { limit: 200 })).items
  t.equal(countsOf(job)['objects.framesAnalysed'], frames.length)
  t.equal(calls.length, frames.length - stored, 'no frame that was stored is given to the model again')
})

t.test('stop resolves when nothing of the video runs any more', async t => {
  const bench = await useBench(t, { models })
  const video = await bench.add(busy)
  bench.processing.start()
  const { id } = await bench.processing.enqueue(video.id)
  await looked(bench, video.id, 1)
  await bench.processing.stop(video.id)
  t.strictSame(await bench.store.jobs.active(video.id), [])
  t.equal((await bench.processing.get(id)).state, 'cancelled')
  await bench.processing.stop(video.id)
})

t.test('a video has one job at a time, and the queue has an end', async t => {
  const bench = await useBench(t, { models, queued: 2 })
  const [a, b, c] = [await bench.add(clip), await bench.add(clip), await bench.add(clip)]
  const both = await Promise.allSettled([bench.processing.enqueue(a.id), bench.processing.enqueue(a.id)])
  t.strictSame(
    both.map(result => result.status),
    ['fulfilled', 'rejected'],
  )
  await t.rejects(bench.processing.enqueue(a.id), { code: 'video.busy' })
  await bench.processing.enqueue(b.id)
  await t.rejects(bench.processing.enqueue(c.id), { code: 'queue.full' })
  await t.rejects(bench.processing.enqueue(newId()), { code: 'video.not_found' })
  await t.rejects(bench.processing.get(newId()), { code: 'job.not_found' })
  t.equal((await bench.processing.list({ limit: 10, videoId: a.id })).items.length, 1)
})

t.test('a failed stage fails the job with its cause, stops its siblings and leaves what is finished', async t => {
  const failing: Models = {
    ...models,
    async objects() {
      const detector = await models.objects()
      let left = 3
      return {
        ...detector,
        detect: async (image, signal) => {
          left -= 1
          if (left < 0) throw new Error('/secret/path/model.onnx: out of memory')
          return await detector.detect(image, signal)
        },
      }
    },
  }
  const bench = await useBench(t, { models: failing })
  const video = await bench.add(busy)
  bench.processing.start()
  const { id } = await bench.processing.enqueue(video.id)
  const job = await bench.ended(id)
  t.equal(job.state, 'failed')
  t.equal(job.error?.code, 'stage.failed')
  t.match(job.error?.message, /^objects: /)
  t.notMatch(JSON.stringify(job), 'secret', 'what the fault said stays in the log')
  t.match(JSON.stringify(bench.logged, errorText), 'secret')
  t.match(statesOf(job), { probe: 'completed', decode: 'cancelled', shots: 'cancelled', objects: 'failed' })
  t.match(await bench.store.videos.get(video.id), { state: 'failed', error: { code: 'stage.failed' } })
  t.strictSame(await ffmpegChildren(), [])
})

t.test('a file that ends too early is processed as far as it goes, and the job says so', async t => {
  const bench = await useBench(t, { models })
  const whole = await clips.long('whole.mp4', ['-movflags', '+faststart'])
  const video = await bench.add(whole)
  const short = await clips.cut(whole, 0.6, 'short.mp4')
  await putOriginal(bench.blobs, video.id, await readFile(short))
  bench.processing.start()
  const job = await bench.ended((await bench.processing.enqueue(video.id)).id)
  t.equal(job.state, 'completed')
  const { warnings } = job.stages.find(stage => stage.name === 'decode') ?? {}
  t.match(warnings, [{ code: 'media.unreadable', message: /^Not all of the picture/ }])
  t.ok(countsOf(job)['objects.framesAnalysed'], 'what is there was looked at')
})

t.test('redoing one stage keeps the old result until the new one is complete', async t => {
  const bench = await useBench(t, { models })
  const video = await bench.add(busy)
  bench.processing.start()
  await bench.ended((await bench.processing.enqueue(video.id)).id)
  const before = (await bench.store.content.list(video.id, 'detections', { limit: 200 })).items

  bench.bus.events.length = 0
  const { id, stages } = await bench.processing.enqueue(video.id, { stages: ['objects'] })
  t.strictSame(
    stages.map(stage => stage.name),
    ['decode', 'objects', 'tracks', 'scenes', 'chapters', 'outline'],
  )
  await bench.bus.waitFor(({ type }) => type === 'visual.objects' || type === 'processing.progress')
  t.strictSame((await bench.store.content.list(video.id, 'detections', { limit: 200 })).items, before)
  const job = await bench.ended(id)
  t.equal(job.state, 'completed')
  t.strictSame(
    (await bench.store.content.list(video.id, 'detections', { limit: 200 })).items,
    before,
    'and it is the same',
  )
})

t.test('a job whose lease was taken away stops without a word', async t => {
  const bench = await useBench(t, { models, leaseMs: 300 })
  const video = await bench.add(busy)
  bench.processing.start()
  const { id } = await bench.processing.enqueue(video.id)
  await looked(bench, video.id, 1)
  await bench.store.jobs.setState(id, 'failed', { at: new Date().toISOString() })
  while ((await ffmpegChildren()).length > 0) await new Promise(resolve => setTimeout(resolve, 50))
  await bench.processing.close()
  t.equal((await bench.processing.get(id)).state, 'failed', 'what the other one said stands')
  t.strictSame(bench.bus.of('processing.completed'), [])
})

function errorText(_key: string, value: unknown): unknown {
  return value instanceof Error ? { text: String(value), cause: value.cause } : value
}
