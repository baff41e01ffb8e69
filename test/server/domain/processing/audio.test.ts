import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allItems } from '@cuewire/server/domain/content/items.js'
import { timeline } from '@cuewire/server/domain/navigation/timeline.js'
import { deferred } from '@cuewire/server/lib/deferred.js'
import { encodeWav } from '@cuewire/server/lib/wav.js'
import { audioEventsYamnet } from '@cuewire/server/models/packs/audio-events-yamnet.js'
import t from 'tap'
import { modelsWithOnly, yamnetFile } from '../../../support/audio-models.js'
import { clipMaker } from '../../../support/clips.js'
import { modelsOf } from '../../../support/models-of.js'
import { type Bench, openBench, useBench } from '../../../support/processing.js'
import { testFolder } from '../../../support/test-folder.js'
import { variedSound } from '../../../support/varied-sound.js'

const { samples, parts } = await variedSound()
const folder = testFolder(t)
const file = join(folder, 'varied.wav')
await writeFile(file, encodeWav({ samples, sampleRate: 16_000 }))
const END = Math.round((samples.length / 16_000) * 1000) / 1000

async function start(bench: Bench) {
  const video = await bench.add(file)
  bench.processing.start()
  return { videoId: video.id, jobId: (await bench.processing.enqueue(video.id, { stages: ['audio'] })).id }
}

async function contentOf({ store }: Bench, videoId: string) {
  return {
    audio: await allItems(store.content, videoId, 'audio'),
    loudness: await allItems(store.content, videoId, 'loudness'),
    sounds: await allItems(store.content, videoId, 'sounds'),
  }
}

let whole: Awaited<ReturnType<typeof contentOf>> = { audio: [], loudness: [], sounds: [] }

t.test('spans and loudness are stored, live and on the timeline', async t => {
  const bench = await useBench(t, { models: modelsOf() })
  const { videoId, jobId } = await start(bench)
  const job = await bench.ended(jobId)
  t.match(
    job.stages.find(({ name }) => name === 'audio'),
    { state: 'completed', model: undefined },
  )
  const content = await contentOf(bench, videoId)
  t.strictSame(
    content.audio.map(({ type }) => type),
    parts.map(({ type }) => type),
  )
  t.equal(content.audio.at(-1)?.end, END)
  t.strictSame(
    content.loudness.map(({ start, end }) => [start, end]),
    [
      [0, 10],
      [10, 20],
      [20, END],
    ],
  )
  t.ok((content.loudness[0]?.levels[0] ?? 0) > -40, 'speech is heard')
  t.equal(content.loudness.at(-1)?.levels.at(-1), -70, 'and silence is not')
  t.strictSame(content.sounds, [], 'no model looks for sounds')

  const topic = `video/${videoId}`
  t.strictSame(
    bench.bus.of('audio.loudness', topic).flatMap(({ data }) => data.curves),
    content.loudness,
  )
  const live = bench.bus.of('audio.spans', topic).flatMap(({ data }) => data.spans)
  t.strictSame([...new Map(live.map(span => [span.index, span])).values()], content.audio, 'the last of each index')
  const lanes = await timeline(bench.store, videoId, { start: 0, end: 1, lanes: ['audio', 'loudness'] })
  t.match(lanes, [{ items: [{ label: 'speech' }] }, { items: [{ start: 0, end: 10, label: /^-\d+(\.\d)? LUFS$/ }] }])
  whole = content
})

t.test('a job that was stopped continues to the same content, and tells nothing twice', async t => {
  const dir = testFolder(t)
  const isStopped = deferred()
  const first = await openBench({
    dir,
    models: modelsOf(),
    onEvent: ({ type }) => {
      if (type === 'audio.loudness') first.processing.close().then(isStopped.resolve, isStopped.reject)
    },
  })
  const { videoId, jobId } = await start(first)
  await isStopped.promise
  await first.close()
  const before = first.bus.of('audio.loudness').flatMap(({ data }) => data.curves)
  t.ok(before.length < whole.loudness.length, 'it was stopped in between')
  const second = await openBench({ dir, models: modelsOf() })
  t.teardown(() => second.close())
  second.processing.start()
  await second.ended(jobId)
  t.strictSame(await contentOf(second, videoId), whole)
  const after = second.bus.of('audio.loudness').flatMap(({ data }) => data.curves)
  t.strictSame([...before, ...after], whole.loudness)
})

t.test('a model of audio events judges the sound, and finds sounds', { skip: yamnetFile.skip }, async t => {
  const yamnet = await modelsWithOnly(audioEventsYamnet, join(folder, 'models'), t)
  const bench = await useBench(t, { models: modelsOf({ audioEvents: () => yamnet.audioEvents() }) })
  const { videoId, jobId } = await start(bench)
  const { stages } = await bench.ended(jobId)
  t.match(
    stages.find(({ name }) => name === 'audio'),
    { state: 'completed', model: 'audio-events-yamnet@1.0.0' },
  )
  const { audio, loudness, sounds } = await contentOf(bench, videoId)
  t.strictSame(
    audio.map(({ type }) => type),
    parts.map(({ type }) => type),
  )
  t.strictSame(loudness, whole.loudness)
  const [speech, music, rain] = parts.map(({ end }) => end)
  t.ok(sounds.length > 0 && speech !== undefined)
  for (const { start, end } of sounds) t.ok(start >= (music ?? 0) && end <= (rain ?? 0) + 1, `${start} to ${end}`)
  t.strictSame(
    bench.bus.of('audio.sounds').flatMap(({ data }) => data.sounds),
    sounds,
  )
  const [label = ''] = sounds.map(sound => sound.label)
  const hits = await bench.store.search.search({ terms: [label], modalities: ['sound'], limit: 10 })
  t.match(hits, [{ videoId, modality: 'sound', text: label }])
})

t.test('a file without sound is skipped', async t => {
  const bench = await useBench(t, { models: modelsOf() })
  const { make } = await clipMaker(t)
  const video = await bench.add(
    await make('mute.mp4', ['-f', 'lavfi', '-i', 'testsrc=duration=1', '-pix_fmt', 'yuv420p']),
  )
  bench.processing.start()
  const { id } = await bench.processing.enqueue(video.id, { stages: ['audio'] })
  t.match((await bench.ended(id)).stages, [{ name: 'decode' }, { name: 'audio', state: 'skipped', reason: /no sound/ }])
})
