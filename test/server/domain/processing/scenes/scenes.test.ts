import type { Scene } from '@cuewire/protocol'
import { allItems } from '@cuewire/server/domain/content/items.js'
import { timeline } from '@cuewire/server/domain/navigation/timeline.js'
import { createSearch } from '@cuewire/server/domain/search/search.js'
import t, { type Test } from 'tap'
import { clipMaker } from '../../../../support/clips.js'
import { modelsOf } from '../../../../support/models-of.js'
import { useBench } from '../../../../support/processing.js'
import { useTextThread } from '../../../../support/text-thread.js'

/**
 * Three shots of two seconds: bars of a light colour with lines like text, the camera pans over noise, and a box moves over noise
 * that stands.
 */
async function clipOfScenes(t: Test): Promise<string> {
  const { make } = await clipMaker(t)
  const size = '640x360'
  const lines = Array.from({ length: 6 }, (_, row) =>
    Array.from({ length: 40 }, (_, letter) => {
      const place = `x=${60 + 12 * letter + (letter % 3) * 2}:y=${50 + 40 * row}`
      return `drawbox=${place}:w=${3 + (letter % 4)}:h=18:color=black:t=fill`
    }),
  ).flat()
  const noise =
    'nullsrc=size=80x45:rate=25:duration=0.04,geq=lum=random(1)*255:cb=128:cr=128,scale=1280:720:flags=bicubic'
  const graph = [
    `color=0xf5f1e4:size=${size}:rate=25:duration=2,${lines.join(',')},setsar=1[slide]`,
    `${noise},loop=49:1,setpts=N/25/TB,crop=640:360:'100+120*t':100,setsar=1[pan]`,
    `${noise},loop=49:1,setpts=N/25/TB,crop=640:360:100:100[ground]`,
    'color=red:size=110x80:rate=25:duration=2[box]',
    "[ground][box]overlay=x='40+200*t':y=140,setsar=1[moving]",
    '[slide][pan][moving]concat=n=3',
  ].join(';')
  return await make('scenes.mp4', ['-filter_complex', graph, '-c:v', 'libx264', '-crf', '18', '-pix_fmt', 'yuv420p'])
}

t.test('each shot is described: stored, live, on the timeline and searchable, without a model', async t => {
  const bench = await useBench(t, { models: modelsOf() })
  const video = await bench.add(await clipOfScenes(t))
  bench.processing.start()
  const { id } = await bench.processing.enqueue(video.id)
  const job = await bench.ended(id)
  const stage = job.stages.find(({ name }) => name === 'scenes')
  t.match(stage, { state: 'completed', counts: { scenes: 3 } })
  const scenes = await allItems(bench.store.content, video.id, 'scenes')
  const facts = ({ start, end, place, camera }: Scene) => [start, end, place, camera]
  t.strictSame(scenes.map(facts), [
    [0, 2, 'slide', 'still'],
    [2, 4, 'unknown', 'pan right'],
    [4, 6, 'unknown', 'still'],
  ])
  const [slide, pan, box] = scenes
  t.match(slide, { light: 'bright', moving: 0 })
  t.ok(slide?.why.some(({ code }) => code === 'text_lines'))
  t.equal(slide?.palette[0]?.colour, 'white')
  t.ok((pan?.moving ?? 1) < 0.01, 'nothing moves but the camera')
  t.ok((box?.moving ?? 0) > 0.01, 'something moves')

  const told = bench.bus.of('visual.scenes', `visual/${video.id}`).flatMap(event => event.data.scenes)
  t.strictSame(told, scenes)
  const lanes = await timeline(bench.store, video.id, { lanes: ['scenes'] })
  t.match(lanes[0]?.items, [{ start: 0, end: 2, label: 'slide, screen' }])
  const search = createSearch({ store: bench.store, text: useTextThread(t) })
  const [hit] = (await search.query({ query: 'a presentation' })).hits
  t.match(hit, { start: 0, end: 2, why: [{ modality: 'scene', text: 'slide, screen (presentation)' }] })

  await t.test('a second run of the stage alone finds the same', async t => {
    const again = await bench.processing.enqueue(video.id, { stages: ['scenes'] })
    await bench.ended(again.id)
    t.strictSame(await allItems(bench.store.content, video.id, 'scenes'), scenes)
  })
})
