import { readFile, writeFile } from 'node:fs/promises'
import { PHOTOGRAPHS, photographFile } from '@cuewire/bench/sample/photographs.js'
import { writeSpeechClip } from '@cuewire/bench/sample/speech-clip.js'
import type { Job, StageName, StageStatus } from '@cuewire/protocol'
import { allItems } from '@cuewire/server/domain/content/items.js'
import { AppError } from '@cuewire/server/lib/app-error.js'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import type { MediaTools } from '@cuewire/server/media/media-tools.js'
import t from 'tap'
import { clipMaker } from '../../../support/clips.js'
import { useModels } from '../../../support/models.js'
import { type Bench, statesOf, useBench } from '../../../support/processing.js'
import { wordErrorRate } from '../../../support/word-errors.js'

const models = await useModels(t)
const real = createMediaTools()
const SENTENCE = 'The boats leave at dawn.'
const SRT = `1\n00:00:00,200 --> 00:00:01,500\n${SENTENCE}\n`

async function process(bench: Bench, file: string, stages?: readonly StageName[]) {
  const video = await bench.add(file)
  bench.processing.start()
  const { id } = await bench.processing.enqueue(video.id, { stages })
  const job = await bench.ended(id)
  const said = (await bench.store.content.list(video.id, 'transcript', { limit: 200 })).items
  return { video, job, said, stored: await bench.store.videos.get(video.id) }
}

const stageOf = (job: Job, name: StageName): Partial<StageStatus> => job.stages.find(stage => stage.name === name) ?? {}

/** A copy of a file with one text in place of another of the same length, wherever it stands. */
async function replaced(file: string, text: string, other: string): Promise<string> {
  await writeFile(file, (await readFile(file)).toString('latin1').replaceAll(text, other), 'latin1')
  return file
}

/** The real media tools with some of them changed. */
const changed = (change: Partial<MediaTools>): MediaTools => ({
  pictures: real.pictures,
  probe: (file, signal) => real.probe(file, signal),
  decode: (file, media, plan, signal) => real.decode(file, media, plan, signal),
  stills: (file, info, request, signal) => real.stills(file, info, request, signal),
  subtitles: (file, index, signal) => real.subtitles(file, index, signal),
  ...change,
})

t.test('what a held picture shows is seen for as long as it is held', async t => {
  const bench = await useBench(t, { models, frameRate: 1 })
  const { make } = await clipMaker(t)
  const { crop } = PHOTOGRAPHS['ewe and lamb']
  const filter = `crop=${crop.width}:${crop.height}:${crop.x}:${crop.y},scale=640:360`
  const sheep = ['-loop', '1', '-t', '0.1', '-i', photographFile(PHOTOGRAPHS['ewe and lamb'])]
  // Grey, then from 2.5 s on one picture of sheep that nothing follows until 12 s.
  const graph = `color=gray:s=640x360:r=10:d=2.5[a];[0:v]${filter},fps=10,setsar=1[b];color=gray:s=640x360:r=10:d=0.1[c];
    [a][b][c]concat=n=3,setpts='if(eq(N,26),12/TB,PTS)'`
  const codec = ['-vsync', 'passthrough', '-c:v', 'libx264', '-bf', '0', '-pix_fmt', 'yuv420p']
  const file = await make('slides.mp4', [...sheep, '-filter_complex', graph, ...codec])
  const { video, job } = await process(bench, file)
  t.equal(job.state, 'completed')
  const labels = await allItems(bench.store.content, video.id, 'objects')
  t.match(labels, [{ label: 'sheep', spans: [{ start: 3, end: 12 }], frames: 9 }])
  const shots = (await bench.store.content.list(video.id, 'shots', { limit: 9 })).items
  t.equal(shots.at(-1)?.end, (await bench.store.videos.get(video.id))?.media.duration)
  t.ok(await bench.blobs.size({ kind: 'poster', id: video.id }))
})

t.test('sound that cannot be decoded is skipped with the reason, and the picture goes on', async t => {
  const bench = await useBench(t, { models })
  const { make } = await clipMaker(t)
  const clip = await make('apac.mov', [
    ...['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=5:duration=2', '-f', 'lavfi', '-i', 'sine=duration=2'],
    ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s16le'],
  ])
  const { job } = await process(bench, await replaced(clip, 'sowt', 'zzzz'))
  t.equal(job.state, 'completed')
  t.strictSame(statesOf(job), {
    probe: 'completed',
    decode: 'completed',
    shots: 'completed',
    objects: 'completed',
    tracks: 'completed',
    scenes: 'completed',
    text: 'completed',
    audio: 'skipped',
    transcript: 'skipped',
    chapters: 'completed',
    outline: 'completed',
    embed: 'skipped',
    pictures: 'skipped',
    speakers: 'skipped',
    storyboard: 'completed',
  })
  const fault = { code: 'media.unreadable', reason: /^The sound .* cannot be decoded: ffmpeg has no decoder for it/ }
  t.match(stageOf(job, 'transcript'), fault)
  t.match(stageOf(job, 'decode').warnings, [{ code: fault.code, message: fault.reason }])
  t.ok(bench.logged.some(({ message }) => fault.reason.test(message)))
})

t.test('a picture that cannot be decoded is skipped with the reason, and the sound goes on', async t => {
  const bench = await useBench(t, { models })
  const { make } = await clipMaker(t)
  const clip = await make('unknown.mov', [
    ...['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=5:duration=2', '-f', 'lavfi', '-i', 'sine=duration=2'],
    ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s16le'],
  ])
  const { job } = await process(bench, await replaced(clip, 'avc1', 'zzzz'))
  t.equal(job.state, 'completed')
  t.equal(statesOf(job)['transcript'], 'completed')
  for (const name of ['shots', 'objects', 'storyboard'] as const) {
    t.match(stageOf(job, name), {
      state: 'skipped',
      code: 'media.unreadable',
      reason: /^The picture .* cannot be decoded/,
    })
  }
  t.match(stageOf(job, 'decode').warnings, [{ message: /^The picture/ }])
})

t.test('a file of which nothing can be decoded fails, with the reason', async t => {
  const bench = await useBench(t, { models })
  const { make } = await clipMaker(t)
  const clip = await make('only.mov', ['-f', 'lavfi', '-i', 'sine=duration=2', '-c:a', 'pcm_s16le'])
  const { job } = await process(bench, await replaced(clip, 'sowt', 'zzzz'))
  t.equal(job.state, 'failed')
  t.match(job.error, { code: 'media.unreadable', message: /The sound .* cannot be decoded/ })
})

t.test('subtitles that cannot be read give way to the speech, with a warning', async t => {
  const bench = await useBench(t, { models })
  const { make, path, write } = await clipMaker(t)
  await writeSpeechClip(path('said.wav'), [{ text: SENTENCE, voice: 'slt' }])
  const inputs = ['-i', path('said.wav'), '-i', await write('said.srt', SRT)]
  const clip = await make('subtitled.mkv', [...inputs, '-map', '0', '-map', '1', '-c:a', 'flac', '-c:s', 'srt'])
  const { job, said } = await process(bench, await replaced(clip, 'S_TEXT/UTF8', 'S_KATE/KATE'))
  t.equal(job.state, 'completed')
  t.ok(said.every(({ source }) => source === 'speech'))
  t.ok(wordErrorRate(SENTENCE, said.map(({ text }) => text).join(' ')) < 0.3)
  t.match(stageOf(job, 'transcript'), {
    state: 'completed',
    warnings: [
      {
        code: 'subtitles.invalid',
        message: /cannot be read, so .* recognised .*: stream 1 \(unknown\): ffmpeg has no decoder/,
      },
    ],
  })
})

t.test('the pass does not wait for the subtitles of the file', async t => {
  let decoded: () => void = () => undefined
  const afterwards = new Promise<void>(resolve => {
    decoded = resolve
  })
  const media = changed({
    decode: async (...args) => {
      const result = await real.decode(...args)
      decoded()
      return result
    },
    subtitles: async (...args) => {
      await afterwards
      return await real.subtitles(...args)
    },
  })
  const bench = await useBench(t, { models, media })
  const { job, said } = await process(bench, await subtitled(t))
  t.equal(job.state, 'completed')
  t.strictSame(
    said.map(({ text, source }) => [text, source]),
    [[SENTENCE, 'embedded']],
  )
})

t.test('sound that only the transcript wanted is given up once the subtitles say it all', async t => {
  let given: AbortSignal | undefined
  const media = changed({
    decode: async (_file, _media, _plan, signal) => {
      given = signal
      return await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
    },
  })
  const bench = await useBench(t, { models, media })
  const { job, said } = await process(bench, await subtitled(t), ['transcript'])
  t.equal(job.state, 'completed')
  t.strictSame(
    said.map(({ text }) => text),
    [SENTENCE],
  )
  t.equal(given?.aborted, true)
  t.match(stageOf(job, 'decode'), { state: 'skipped', reason: /no stage of this job needs/ })
})

t.test('a poster that cannot be made is a warning', async t => {
  const stills = () => Promise.reject(new AppError('media.unreadable', 'The picture is noise.'))
  const bench = await useBench(t, { models, media: changed({ stills }) })
  const { job } = await process(bench, await (await clipMaker(t)).plain())
  t.equal(job.state, 'completed')
  const warnings = [{ code: 'media.unreadable', message: /no poster\. The picture is noise/ }]
  t.match(stageOf(job, 'storyboard'), { state: 'completed', warnings })
})

t.test('a stage that only enriches fails alone', async t => {
  const pictures = { ...real.pictures, sheet: () => Promise.reject(new AppError('media.unreadable', 'no sheet')) }
  const bench = await useBench(t, { models, media: changed({ pictures }) })
  const { job } = await process(bench, await (await clipMaker(t)).plain())
  t.match(job, { state: 'completed', progress: 1 })
  t.match(stageOf(job, 'storyboard'), { state: 'failed', code: 'media.unreadable', reason: 'no sheet' })
})

t.test('the length of a video is what was found, not what the file says', async t => {
  const media = changed({ probe: async (...args) => ({ ...(await real.probe(...args)), duration: 9999 }) })
  const bench = await useBench(t, { models, media })
  const { make } = await clipMaker(t)
  const { job, stored } = await process(bench, await make('short.wav', ['-f', 'lavfi', '-i', 'sine=duration=2']))
  t.equal(job.state, 'completed')
  t.equal(stored?.media.duration, 2)
  t.match(stageOf(job, 'decode').warnings, [{ code: 'media.truncated' }])
})

/** A clip with picture, a tone, and subtitles. */
async function subtitled(t: Parameters<typeof clipMaker>[0]): Promise<string> {
  const { make, plain, write } = await clipMaker(t)
  const inputs = ['-i', await plain(), '-i', await write('said.srt', SRT)]
  return await make('subtitled.mkv', [...inputs, '-map', '0', '-map', '1', '-c', 'copy', '-c:s', 'srt'])
}
