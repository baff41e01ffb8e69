import { PHOTOGRAPHS, photographFile } from '@cuewire/bench/sample/photographs.js'
import { abortable } from '@cuewire/server/lib/abortable.js'
import type { Clock } from '@cuewire/server/lib/clock.js'
import { deferred } from '@cuewire/server/lib/deferred.js'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import type { FrameSink, MediaTools, VideoFrame } from '@cuewire/server/media/media-tools.js'
import type { ImageTextEncoder, Models } from '@cuewire/server/models/models.js'
import { imageTextConse } from '@cuewire/server/models/packs/image-text-conse.js'
import t from 'tap'
import { modelsWithOnly } from '../../../support/audio-models.js'
import { clipMaker } from '../../../support/clips.js'
import { modelsOf } from '../../../support/models-of.js'
import { countsOf, openBench, useBench } from '../../../support/processing.js'
import { sharedModel } from '../../../support/shared-media.js'
import { testFolder } from '../../../support/test-folder.js'

const { skip } = sharedModel('image-text-conse')
/** Side of the pictures that the model takes. */
const SIDE = 224
/** Sheep, mountains, nothing, boats, sheep. */
const EXPECTED = [
  { position: 0, start: 0, end: 3 },
  { position: 1, start: 3, end: 6 },
  { position: 2, start: 7, end: 9 },
  { position: 3, start: 9, end: 10 },
]

/** A clip of photographs, the first two held for three seconds each, and a black second. */
async function slideshow(): Promise<string> {
  const { sheep, alps, boats } = {
    sheep: photographFile(PHOTOGRAPHS['sheep in a field']),
    alps: photographFile(PHOTOGRAPHS.alps),
    boats: photographFile(PHOTOGRAPHS['river boats']),
  }
  const still = (file: string, seconds: number) => ['-loop', '1', '-framerate', '5', '-t', String(seconds), '-i', file]
  const black = ['-f', 'lavfi', '-i', 'color=black:size=480x270:rate=5:duration=1']
  const inputs = [...still(sheep, 3), ...still(alps, 3), ...black, ...still(boats, 2), ...still(sheep, 1)]
  const scaled = [0, 1, 2, 3, 4].map(at => `[${at}]scale=480:270,setsar=1,format=yuv420p[p${at}]`)
  const graph = `${scaled.join(';')};[p0][p1][p2][p3][p4]concat=n=5`
  return clips.make('slideshow.mp4', [...inputs, '-filter_complex', graph, '-c:v', 'libx264', '-preset', 'ultrafast'])
}

const clips = await clipMaker(t)
const clip = await slideshow()
const real = skip ? modelsOf() : await modelsWithOnly(imageTextConse, clips.path('models'), t)

/** Models whose image encoder takes one picture at a time, and tells of it before. */
function watched(tell: () => void): Models {
  return modelsOf({
    async imageText(): Promise<ImageTextEncoder> {
      const encoder = await real.imageText()
      return {
        ...encoder,
        parallel: 1,
        async encodeImage(image, signal) {
          tell()
          return encoder.encodeImage(image, signal)
        },
      }
    },
  })
}

t.test('each picture that differs has a vector with its span', { skip }, async t => {
  const encoder = await real.imageText()
  let encoded = 0
  const models = watched(() => {
    encoded += 1
  })

  const bench = await useBench(t, { models })
  const video = await bench.add(clip)
  bench.processing.start()
  const job = await bench.ended((await bench.processing.enqueue(video.id)).id)
  const stage = job.stages.find(({ name }) => name === 'pictures')
  t.match(stage, { state: 'completed', model: encoder.pack })
  const counts = countsOf(job)
  t.same([counts['pictures.picturesEncoded'], counts['pictures.picturesBlank'], encoded], [4, 1, 4])

  const { vectors } = bench.store
  const nearest = async (text: string) =>
    vectors.nearest({ space: encoder.pack, vector: await encoder.encodeText(text), limit: 10 })
  const spans = (await nearest('sheep')).map(({ position, start, end }) => ({ position, start, end }))
  t.same(
    spans.toSorted((a, b) => a.position - b.position),
    EXPECTED,
  )
  t.same(
    spans
      .slice(0, 2)
      .map(({ position }) => position)
      .toSorted(),
    [0, 3],
    'the pictures of sheep are nearest to the word',
  )
  t.match(await nearest('mountain valley'), [{ source: 'picture-vectors', start: 3 }])

  await bench.ended((await bench.processing.enqueue(video.id, { stages: ['pictures'] })).id)
  t.equal(encoded, 8, 'the stage can be run again alone')
  t.equal(await vectors.count(video.id), 4, 'and replaces its vectors')
})

t.test('a job that is closed goes on with the pictures it has, and encodes none twice', { skip }, async t => {
  const dir = testFolder(t)
  // Each look at it is five seconds later, so that every frame is stored at once.
  let elapsed = 0
  const clock: Clock = { now: () => Date.now(), elapsed: () => (elapsed += 5000) }
  const reached = deferred()
  const tools = createMediaTools()
  // The pass stops while the second picture is held. The frame at 3 s is stored then, the one at 4 s perhaps.
  const media: MediaTools = {
    ...tools,
    decode(file, info, plan, signal) {
      const sinks = plan.sinks.map((sink): FrameSink => {
        const frame = async (frame: VideoFrame) => {
          if (sink.width !== SIDE || frame.at < 5) {
            await sink.frame(frame)
            return
          }
          reached.resolve()
          await abortable(new Promise(() => undefined), signal)
        }
        return { width: sink.width, height: sink.height, rate: sink.rate, frame }
      })
      return tools.decode(file, info, { ...plan, sinks }, signal)
    },
  }
  let encoded = 0
  const models = watched(() => {
    encoded += 1
  })
  const first = await openBench({ dir, clock, media, models })
  const video = await first.add(clip)
  first.processing.start()
  const { id } = await first.processing.enqueue(video.id)
  await reached.promise
  await first.close()

  t.equal(encoded, 2)

  const second = await openBench({ dir, models })
  t.teardown(() => second.close())
  second.processing.start()
  const job = await second.ended(id)
  t.match(
    job.stages.find(({ name }) => name === 'pictures'),
    { state: 'completed' },
  )
  t.equal(encoded, 4)
  const { pack, encodeText } = await real.imageText()
  const found = await second.store.vectors.nearest({ space: pack, vector: await encodeText('sheep'), limit: 10 })
  t.same(
    found.map(({ position, start, end }) => ({ position, start, end })).toSorted((a, b) => a.position - b.position),
    EXPECTED,
  )
})

t.test('without an image-text model the stage is skipped, and says how to have it', async t => {
  const bench = await useBench(t, { models: modelsOf() })
  const video = await bench.add(clip)
  bench.processing.start()
  const job = await bench.ended((await bench.processing.enqueue(video.id, { stages: ['pictures'] })).id)
  t.equal(job.state, 'completed')
  t.match(job.stages.at(-1), { name: 'pictures', state: 'skipped', code: 'model.missing', reason: String })
})
