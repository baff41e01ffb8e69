import { rm } from 'node:fs/promises'
import type { LabelSummary, TranscriptSegment, Video } from '@cuewire/protocol'
import { allItems } from '@cuewire/server/domain/content/items.js'
import { timeline } from '@cuewire/server/domain/navigation/timeline.js'
import { createModels } from '@cuewire/server/models/create-models.js'
import t, { type Test } from 'tap'
import { clipMaker } from '../../../support/clips.js'
import { useModels } from '../../../support/models.js'
import { modelsOf } from '../../../support/models-of.js'
import { type Bench, countsOf, statesOf, useBench } from '../../../support/processing.js'
import { pathOf } from '../../../support/put-blobs.js'
import { sharedMedia } from '../../../support/shared-media.js'
import { SHORT_SCRIPT, talkingClip } from '../../../support/talking-clip.js'
import { testFolder } from '../../../support/test-folder.js'
import { wordErrorRate } from '../../../support/word-errors.js'

const models = await useModels(t)
// In a folder of its own: making a clip in the test's folder would remove the database that is open there.
const clips = await clipMaker(t)
const PAGE = { limit: 200 }
const ALL_COMPLETED = {
  probe: 'completed',
  decode: 'completed',
  shots: 'completed',
  objects: 'completed',
  tracks: 'completed',
  scenes: 'completed',
  text: 'completed',
  audio: 'completed',
  transcript: 'completed',
  chapters: 'completed',
  outline: 'completed',
  embed: 'completed',
  pictures: 'skipped',
  speakers: 'skipped',
  storyboard: 'completed',
}

async function process(bench: Bench, file: string) {
  const video = await bench.add(file)
  bench.processing.start()
  const { id } = await bench.processing.enqueue(video.id)
  return { video, job: await bench.ended(id) }
}

const clip = await talkingClip(testFolder(t), SHORT_SCRIPT)
const textOf = (sentences: readonly { readonly text: string }[]) => sentences.map(({ text }) => text).join(' ')

t.test('finds shots, objects and speech, live and stored alike', async t => {
  const bench = await useBench(t, { models })
  const { video, job } = await process(bench, clip.file)
  t.equal(job.state, 'completed')
  t.strictSame(statesOf(job), ALL_COMPLETED)
  t.equal(job.progress, 1)
  t.equal((await bench.store.videos.get(video.id))?.state, 'ready')

  const shots = (await bench.store.content.list(video.id, 'shots', PAGE)).items
  t.strictSame(
    shots.map(({ start, transition }) => [start, transition]),
    [
      [0, 'start'],
      [4, 'cut'],
      [8, 'cut'],
    ],
  )
  t.equal(shots.at(-1)?.end, video.media.duration)

  const labels = await allItems(bench.store.content, video.id, 'objects')
  t.ok(seen(labels, 'sheep', 0, 4), 'sheep in the first scene')
  t.ok(seen(labels, 'person', 4, 8), 'a person in the second')
  t.notOk(seen(labels, 'person', 8, 12) || seen(labels, 'sheep', 4, 12), 'and not where they are not')

  const stored = (await bench.store.content.list(video.id, 'detections', PAGE)).items
  const live = bench.bus.of('visual.objects', `visual/${video.id}`).flatMap(event => event.data.frames)
  t.strictSame(
    live,
    stored.filter(frame => frame.objects.length > 0),
    'every frame with objects was told of once',
  )
  t.strictSame(
    bench.bus.of('visual.shots', `visual/${video.id}`).flatMap(event => event.data.shots),
    shots,
  )
  const { 'objects.framesAnalysed': analysed = 0, 'objects.framesUnchanged': unchanged = 0 } = countsOf(job)
  t.equal(analysed + unchanged, stored.length)
  t.ok(unchanged > 0, 'the photograph at the end is not analysed again and again')

  const lanes = await timeline(bench.store, video.id, { start: 4.5, end: 7.5, lanes: ['shots', 'objects'] })
  t.ok(lanes.find(lane => lane.name === 'objects')?.items.some(item => item.label === 'person'))
  t.notOk(lanes.find(lane => lane.name === 'objects')?.items.some(item => item.label === 'sheep'))
  const last = bench.bus.of('content.timeline').at(-1)?.data.lanes
  t.equal(last?.find(lane => lane.name === 'shots')?.items, shots.length)
  t.ok(Number(await bench.blobs.size({ kind: 'poster', id: video.id })) > 1000)
  const sound = bench.blobs.scratch({ kind: 'sound', id: video.id })
  t.equal(await sound.size(), undefined, 'the sound file is gone when nobody needs it')
  await checkSentences(t, bench, video)
  t.strictSame(bench.logged, [])
})

t.test('reads the speech of a file with sound alone', async t => {
  const bench = await useBench(t, { models })
  const { video, job } = await process(bench, clip.soundFile)
  t.strictSame(statesOf(job), {
    ...ALL_COMPLETED,
    shots: 'skipped',
    objects: 'skipped',
    tracks: 'skipped',
    scenes: 'skipped',
    text: 'skipped',
    storyboard: 'skipped',
  })
  t.match(job.stages.find(stage => stage.name === 'objects')?.reason, 'no picture')
  await checkSentences(t, bench, video)
})

t.test('reads speech that is 45 dB quieter', async t => {
  const bench = await useBench(t, { models })
  const { make } = await clipMaker(t)
  const file = await make('quiet.wav', ['-i', clip.soundFile, '-af', 'volume=-45dB', '-c:a', 'pcm_s16le'])
  await checkSentences(t, bench, (await process(bench, file)).video)
})

t.test('a sentence is told of before the last one is heard', async t => {
  const speech = await models.speech()
  let spans = 0
  const transcribe: typeof speech.transcribe = async (samples, signal) => {
    spans += 1
    if (spans === clip.sentences.length) await bench.bus.waitFor(({ type }) => type === 'transcript.segment')
    return await speech.transcribe(samples, signal)
  }
  const bench = await useBench(t, {
    models: modelsOf({ speech: async () => ({ ...speech, transcribe }), voiceActivity: () => models.voiceActivity() }),
  })
  const { video } = await process(bench, clip.soundFile)
  t.equal(bench.bus.of('transcript.segment', `video/${video.id}`).length, clip.sentences.length)
})

const JFK = 'And so my fellow Americans ask not what your country can do for you ask what you can do for your country'
const TWO_CITIES =
  'It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was the ' +
  'epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness, it was the ' +
  'spring of hope, it was the winter of despair, we had everything before us, we had nothing before us, we were all going ' +
  'direct to Heaven, we were all going direct the other way. In short, the period was so far like the present period, that ' +
  'some of its noisiest authorities insisted on its being received, for good or for evil, in the superlative degree of ' +
  'comparison only.'

const speech = sharedMedia('derived_person-with-speech.mp4', 'two_cities_16k.wav')
t.test('reads recordings of real voices back', { skip: speech.skip }, async t => {
  const bench = await useBench(t, { models })
  const truths = [JFK, TWO_CITIES]
  for (const [index, file] of speech.paths.entries()) {
    const { video, job } = await process(bench, file)
    t.equal(job.state, 'completed')
    await checkTranscript(t, bench, video, truths[index] ?? '')
  }
})

t.test('a stage without its model is skipped with the command that mends it', async t => {
  const none = createModels({ dir: testFolder(t) })
  t.teardown(() => none.close())
  const bench = await useBench(t, { models: none })
  const clip = await (await clipMaker(t)).plain()
  const { job } = await process(bench, clip)
  t.equal(job.state, 'completed')
  t.strictSame(statesOf(job), {
    ...ALL_COMPLETED,
    objects: 'skipped',
    tracks: 'skipped',
    text: 'skipped',
    transcript: 'skipped',
    embed: 'skipped',
    pictures: 'skipped',
  })
  const told = (name: string) => {
    const { reason, command } = job.stages.find(stage => stage.name === name) ?? {}
    return { reason, command }
  }
  t.strictSame(told('objects'), {
    reason: 'objects-centernet is not installed',
    command: 'npm run cuewire -- models pull objects-centernet',
  })
  t.strictSame(
    told('transcript'),
    {
      reason: 'speech-moonshine-base is not installed, voice-activity-silero-v5 is not installed',
      command: 'npm run cuewire -- models pull speech-moonshine-base voice-activity-silero-v5',
    },
    'every pack that it lacks, at once',
  )
})

t.test('a job whose file is gone from the disk says so', async t => {
  const bench = await useBench(t, { models })
  const video = await bench.add(await (await clipMaker(t)).plain())
  await rm(await pathOf(bench.blobs, 'original', video.id))
  bench.processing.start()
  const job = await bench.ended((await bench.processing.enqueue(video.id)).id)
  t.match(job, {
    state: 'failed',
    error: { code: 'stage.failed', message: /The stored file of the video is missing/ },
  })
})

t.test('a video without sound has no transcript, with the reason', async t => {
  const bench = await useBench(t, { models })
  const { job } = await process(bench, await (await clipMaker(t)).videoOnly())
  t.equal(job.state, 'completed')
  t.strictSame(statesOf(job), { ...ALL_COMPLETED, audio: 'skipped', transcript: 'skipped', embed: 'skipped' })
  t.match(job.stages.find(stage => stage.name === 'transcript')?.reason, 'no sound')
})

t.test('a tone is not taken for speech', async t => {
  const bench = await useBench(t, { models })
  const { video, job } = await process(bench, await (await clipMaker(t)).plain())
  t.equal(job.stages.find(stage => stage.name === 'transcript')?.state, 'completed')
  t.strictSame((await bench.store.content.list(video.id, 'transcript', PAGE)).items, [])
})

t.test('subtitles that were given replace the transcript, and only what builds on it is done again', async t => {
  const bench = await useBench(t, { models })
  const { video } = await process(bench, await clips.plain())
  const text =
    '1\n00:00:00,200 --> 00:00:01,000\nThe boats leave at dawn.\n\n2\n00:00:01,200 --> 00:00:01,900\nThe tide is high.\n'
  await t.rejects(bench.processing.putTranscript(video.id, { format: 'srt', text: 'no cue' }), {
    code: 'subtitles.invalid',
  })
  const queued = await bench.processing.putTranscript(video.id, { format: 'srt', text, language: 'en' })
  const job = await bench.ended(queued.id)
  t.strictSame(statesOf(job), {
    decode: 'skipped',
    transcript: 'completed',
    chapters: 'completed',
    outline: 'completed',
    embed: 'completed',
    speakers: 'skipped',
  })
  const segments = (await bench.store.content.list(video.id, 'transcript', PAGE)).items
  t.strictSame(
    segments.map(segment => [segment.text, segment.source]),
    [
      ['The boats leave at dawn.', 'given'],
      ['The tide is high.', 'given'],
    ],
  )
})

t.test('subtitles in the file are used before its speech', async t => {
  const bench = await useBench(t, { models })
  const clips = await clipMaker(t)
  const srt = await clips.write('said.srt', '1\n00:00:00,200 --> 00:00:01,500\nThe boats leave at dawn.\n')
  const plain = await clips.plain()
  const file = await clips.make('subtitled.mkv', [
    '-i',
    plain,
    '-i',
    srt,
    '-map',
    '0',
    '-map',
    '1',
    '-c',
    'copy',
    '-c:s',
    'srt',
  ])
  const { video, job } = await process(bench, file)
  t.equal(job.state, 'completed')
  const segments = (await bench.store.content.list(video.id, 'transcript', PAGE)).items
  t.strictSame(
    segments.map(segment => [segment.text, segment.source]),
    [['The boats leave at dawn.', 'embedded']],
  )
})

function seen(labels: readonly LabelSummary[], name: string, start: number, end: number): boolean {
  return labels.some(({ label, spans }) => {
    return label === name && spans.some(span => span.start < end - 0.5 && span.end > start + 0.5)
  })
}

/** Its words are those of the truth and lie where words can lie, and each sentence was told of once. */
async function checkTranscript(t: Test, bench: Bench, video: Video, truth: string): Promise<TranscriptSegment[]> {
  const segments = (await bench.store.content.list(video.id, 'transcript', PAGE)).items
  const errors = wordErrorRate(truth, textOf(segments))
  t.ok(errors <= 0.08, `word error rate ${errors.toFixed(3)}: ${textOf(segments)}`)
  checkTimes(t, segments, video.media.duration)
  t.strictSame(
    bench.bus.of('transcript.segment', `video/${video.id}`).map(event => event.data.segment),
    segments,
    'each sentence was told of once',
  )
  return segments
}

/** The sentences of the clip are found where they are spoken. */
async function checkSentences(t: Test, bench: Bench, video: Video): Promise<void> {
  const segments = await checkTranscript(t, bench, video, textOf(clip.sentences))
  t.equal(segments.length, clip.sentences.length)
  for (const [index, { start, end }] of clip.sentences.entries()) {
    const segment = segments[index]
    t.ok(Math.abs((segment?.start ?? 99) - start) < 0.3, `starts at ${segment?.start}, spoken at ${start}`)
    t.ok(Math.abs((segment?.end ?? 99) - end) < 0.3, `ends at ${segment?.end}, spoken until ${end}`)
  }
}

function checkTimes(t: Test, segments: readonly TranscriptSegment[], duration: number): void {
  const words = segments.flatMap(segment => segment.words)
  const starts = words.map(word => word.start)
  t.ok(starts.length > 0)
  t.strictSame(
    starts,
    [...starts].sort((a, b) => a - b),
    'words start one after the other',
  )
  t.ok(
    words.every(word => word.start >= 0 && word.end >= word.start && word.end <= duration + 0.01),
    'words lie within the media',
  )
  t.ok(
    segments.every(({ start, end, words }) => words.every(word => word.start >= start && word.end <= end)),
    'words lie within their sentence',
  )
}
