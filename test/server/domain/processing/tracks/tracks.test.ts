import type { Track } from '@cuewire/protocol'
import { allItems } from '@cuewire/server/domain/content/items.js'
import { timeline } from '@cuewire/server/domain/navigation/timeline.js'
import { createSearch } from '@cuewire/server/domain/search/search.js'
import t, { type Test } from 'tap'
import { blockDetector } from '../../../../support/block-detector.js'
import { clipMaker } from '../../../../support/clips.js'
import { modelsOf } from '../../../../support/models-of.js'
import { type Bench, useBench } from '../../../../support/processing.js'
import { useTextThread } from '../../../../support/text-thread.js'

/** A red block moves right and a blue one left below it, for four seconds; after a cut the red one stands for two. */
async function blocksClip(t: Test): Promise<string> {
  const { make } = await clipMaker(t)
  const source = (colour: string, size: string, seconds: number) => [
    ...['-f', 'lavfi', '-i', `color=${colour}:size=${size}:rate=10:duration=${seconds}`],
  ]
  const graph =
    "[0][1]overlay=x='10+60*t':y=30[a];[a][2]overlay=x='260-55*t':y=110,setsar=1[b];" +
    '[3][4]overlay=x=140:y=60,setsar=1[c];[b][c]concat=n=2'
  return await make('blocks.mp4', [
    ...source('gray', '320x180', 4),
    ...source('red', '48x40', 4),
    ...source('blue', '48x40', 4),
    ...source('white', '320x180', 2),
    ...source('red', '48x40', 2),
    ...['-filter_complex', graph, '-c:v', 'libx264', '-crf', '12', '-pix_fmt', 'yuv420p'],
  ])
}

async function processed(t: Test, bench: Bench) {
  const video = await bench.add(await blocksClip(t))
  bench.processing.start()
  const { id } = await bench.processing.enqueue(video.id)
  const job = await bench.ended(id)
  const stage = job.stages.find(({ name }) => name === 'tracks')
  return { video, job, stage, tracks: await allItems(bench.store.content, video.id, 'tracks') }
}

t.test('objects are followed within their shots: stored, live, on the timeline, and found by their colour', async t => {
  const bench = await useBench(t, { models: modelsOf({ objects: async () => blockDetector }) })
  const { video, stage, tracks } = await processed(t, bench)
  t.match(stage, { state: 'completed', counts: { tracks: 3 } })
  const facts = ({ colour, direction, start, end }: Track) => [colour, direction, start, end]
  t.strictSame(tracks.map(facts), [
    ['red', 'right', 0, 4],
    ['blue', 'left', 0, 4],
    ['red', 'still', 4, 6],
  ])

  const told = bench.bus.of('visual.tracks', `visual/${video.id}`).flatMap(event => event.data.tracks)
  t.strictSame(
    told.toSorted((a, b) => a.index - b.index),
    tracks,
  )
  const lanes = await timeline(bench.store, video.id, { lanes: ['tracks'] })
  t.strictSame(
    lanes[0]?.items.map(({ label }) => label),
    ['red car, moving right', 'blue car, moving left', 'red car'],
  )

  const search = createSearch({ store: bench.store, text: useTextThread(t) })
  const [best] = (await search.query({ query: 'a blue car' })).hits
  t.match(best, { band: 'high', start: 0, end: 4 })
  t.match(best?.why[0], { modality: 'object', text: 'blue car, moving left', terms: ['car', 'blue'] })
  const green = (await search.query({ query: 'a green car' })).hits
  t.ok(green.length > 0 && green.every(({ band }) => band !== 'high'), 'a car, but no green one')

  await t.test('a second run of the stage alone needs no frames and no model', async t => {
    const { id } = await bench.processing.enqueue(video.id, { stages: ['tracks'] })
    const job = await bench.ended(id)
    t.match(job.stages, [{ name: 'tracks', state: 'completed' }])
    t.strictSame(await allItems(bench.store.content, video.id, 'tracks'), tracks)
  })
})

t.test('where no objects were looked for the stage is skipped, with the command that changes that', async t => {
  const bench = await useBench(t, { models: modelsOf() })
  const { stage, job } = await processed(t, bench)
  t.equal(job.state, 'completed')
  t.match(stage, { state: 'skipped', code: 'model.missing', command: /models pull/ })
})
