import { writeSpeechClip } from '@cuewire/bench/sample/speech-clip.js'
import type { Id, Job } from '@cuewire/protocol'
import { stagesForTracks } from '@cuewire/server/domain/processing/plan.js'
import type { JobRequest } from '@cuewire/server/domain/processing/queue.js'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import type { MediaTools } from '@cuewire/server/media/media-tools.js'
import t from 'tap'
import { clipMaker } from '../../../support/clips.js'
import { useModels } from '../../../support/models.js'
import { statesOf, useBench } from '../../../support/processing.js'
import { wordErrorRate } from '../../../support/word-errors.js'

const GLACIER = 'A slowly moving river of ice is called a glacier.'
const BAKER = 'The baker opens his shop at six in the morning.'
const BOATS = 'The boats leave at dawn.'
const SRT = `1\n00:00:00,200 --> 00:00:01,500\n${BOATS}\n`

const models = await useModels(t)
const clips = await clipMaker(t)

/** A picture, silence, two sentences in a track each, and other words as subtitles. */
async function severalTracks(): Promise<string> {
  await writeSpeechClip(clips.path('glacier.wav'), [{ text: GLACIER, voice: 'slt' }])
  await writeSpeechClip(clips.path('baker.wav'), [{ text: BAKER, voice: 'slt' }])
  const srt = await clips.write('boats.srt', SRT)
  return await clips.make('tracks.mkv', [
    ...['-f', 'lavfi', '-i', 'testsrc=size=64x36:rate=5:duration=3', '-f', 'lavfi', '-t', '3', '-i', 'anullsrc'],
    ...['-i', clips.path('glacier.wav'), '-i', clips.path('baker.wav'), '-i', srt],
    ...[0, 1, 2, 3, 4].flatMap(input => ['-map', String(input)]),
    ...['-c:v', 'mpeg4', '-c:a', 'flac', '-c:s', 'srt'],
    ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=ger', '-metadata:s:a:2', 'language=eng'],
  ])
}

t.test('the tracks of a video can be chosen, and only what uses them is done again', async t => {
  const bench = await useBench(t, { models })
  const video = await bench.add(await severalTracks())
  bench.processing.start()

  const run = async (request?: Omit<JobRequest, 'subtitles'>) => {
    const { id } = await bench.processing.enqueue(video.id, request)
    return { job: await bench.ended(id), ...(await resultOf(video.id)) }
  }
  const resultOf = async (id: Id) => {
    const { items } = await bench.store.content.list(id, 'transcript', { limit: 100 })
    const media = (await bench.store.videos.get(id))?.media
    return { media, said: items.map(({ text }) => text).join(' '), source: items[0]?.source }
  }
  const reads = (said: string, text: string) => wordErrorRate(text, said) <= 0.2

  await t.test('without a choice, subtitles and the audible track in a known language', async t => {
    const { job, media, said } = await run()
    t.equal(job.state, 'completed')
    t.equal(job.tracks, undefined)
    t.equal(said, BOATS)
    t.match(media, { audio: { index: 3, chosen: 'audible' }, warnings: [{ code: 'track_skipped' }] })
    t.match(media?.subtitles, [{ index: 4, isUsed: true }])
  })

  await t.test('a sound track', async t => {
    const { job, media, said, source } = await run({ tracks: { sound: 2 } })
    t.match(job, { state: 'completed', tracks: { sound: 2 } })
    t.same(Object.keys(statesOf(job)), stagesForTracks({ sound: 2 }, []))
    t.equal(source, 'speech')
    t.ok(reads(said, GLACIER), said)
    t.match(media?.audio, { index: 2, chosen: 'request' })
    t.equal(media?.subtitles[0]?.isUsed, undefined)
  })

  await t.test('a picture; the sound track that was requested stays', async t => {
    const { job, media } = await run({ tracks: { picture: 0 } })
    t.match(job, { state: 'completed', tracks: { picture: 0, sound: 2 } })
    t.notMatch(statesOf(job), { transcript: /./ })
    t.match(media, { video: { index: 0, chosen: 'request' }, audio: { index: 2, chosen: 'request' } })
  })

  await t.test('subtitles', async t => {
    const { job, media, said } = await run({ tracks: { subtitles: 4 } })
    t.match(job.stages, [{ name: 'probe' }, { name: 'decode' }, { name: 'transcript', state: 'completed' }])
    t.equal(said, BOATS)
    t.match(media?.subtitles, [{ index: 4, isUsed: true }])
  })

  await t.test('all stages without a choice', async t => {
    const { media } = await run()
    t.match(media, { video: { index: 0, chosen: undefined }, audio: { index: 3, chosen: 'audible' } })
  })

  await t.test('a number that is no such track is refused, with the field', async t => {
    const refused = (tracks: NonNullable<Job['tracks']>, pointer: string) =>
      t.rejects(bench.processing.enqueue(video.id, { tracks }), { code: 'command.invalid', details: [{ pointer }] })
    await refused({ sound: 0 }, '/data/tracks/sound')
    await refused({ sound: 3, picture: 1 }, '/data/tracks/picture')
    await refused({ subtitles: 9 }, '/data/tracks/subtitles')
    t.same(await bench.store.jobs.active(video.id), [])
  })
})

t.test('what was used instead of a track that cannot be decoded is in the media information', async t => {
  const real = createMediaTools()
  // Nobody listens, so that the fault shows in the decode pass.
  const media: MediaTools = { ...real, probe: (file, signal) => real.probe(file, signal) }
  const bench = await useBench(t, { models, media })
  const tone = ['-f', 'lavfi', '-i', 'sine=sample_rate=16000:duration=1', '-map', '0', '-map', '0', '-c:a', 'flac']
  const video = await bench.add(await clips.make('broken.mkv', [...tone, '-bsf:a:0', 'noise=amount=1']))
  bench.processing.start()
  t.match(video.media.audio, { index: 0, chosen: undefined })
  const { id } = await bench.processing.enqueue(video.id, { stages: ['transcript'] })
  const job = await bench.ended(id)
  t.equal(job.state, 'completed')
  const decode = job.stages.find(({ name }) => name === 'decode')
  t.match(decode?.warnings, [
    { code: 'media.unreadable', message: /^The sound track 0 \(codec flac\) .* is skipped: / },
  ])
  t.match((await bench.store.videos.get(video.id))?.media.audio, { index: 1, chosen: 'decodable' })
})
