import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeSpeechClip, type SpokenSentence } from '@cuewire/bench/sample/speech-clip.js'
import { allItems } from '@cuewire/server/domain/content/items.js'
import { renameSpeaker } from '@cuewire/server/domain/transcript/rename-speaker.js'
import { encodeWav } from '@cuewire/server/lib/wav.js'
import { diagnose } from '@cuewire/server/models/doctor.js'
import { speakersGe2e } from '@cuewire/server/models/packs/speakers-ge2e.js'
import t, { type Test } from 'tap'
import { modelsWithOnly, speakersFile } from '../../../support/audio-models.js'
import { modelsOf } from '../../../support/models-of.js'
import { useBench } from '../../../support/processing.js'
import { testFolder } from '../../../support/test-folder.js'

const { skip } = speakersFile
const LINES = [
  { text: 'A slowly moving river of ice is called a glacier.', voice: 'slt' },
  { text: 'Does it move faster in the summer than in the winter?', voice: 'rms' },
  { text: 'It does, because the water below carries it downhill.', voice: 'slt' },
  { text: 'Thank you for the explanation, that was very clear.', voice: 'rms' },
] as const

const folder = testFolder(t)
const file = join(folder, 'talk.wav')
const clip = await makeSpeechClip(LINES)
await writeFile(file, encodeWav(clip))

/** Subtitles of the sentences, one cue each. */
function subtitles(cueOf: (sentence: SpokenSentence) => string) {
  const time = (seconds: number) => `00:${seconds.toFixed(3).padStart(6, '0')}`
  const cues = clip.sentences.map(sentence => `${time(sentence.start)} --> ${time(sentence.end)}\n${cueOf(sentence)}\n`)
  return { format: 'vtt', text: `WEBVTT\n\n${cues.join('\n')}` } as const
}

t.test('with the pack', { skip }, async t => {
  const dir = join(folder, 'models')
  const models = await modelsWithOnly(speakersGe2e, dir, t)
  const run = async (t: Test, cueOf: (sentence: SpokenSentence) => string) => {
    const bench = await useBench(t, { models: modelsOf({ speakers: () => models.speakers() }) })
    const video = await bench.add(file)
    bench.processing.start()
    const job = await bench.ended((await bench.processing.putTranscript(video.id, subtitles(cueOf))).id)
    const sentences = () => allItems(bench.store.content, video.id, 'transcript')
    return { bench, video, sentences, stage: job.stages.find(({ name }) => name === 'speakers') }
  }

  t.test('speakers are told apart by voice, and can be renamed', async t => {
    const { bench, video, sentences, stage } = await run(t, ({ text }) => text)
    t.match(stage, { state: 'completed', model: 'speakers-ge2e@1.0.0', counts: { speakers: 2 } })
    const namesOf = async () => (await sentences()).map(({ speaker }) => speaker)
    t.strictSame(await namesOf(), ['Speaker 1', 'Speaker 2', 'Speaker 1', 'Speaker 2'])
    const live = bench.bus.of('transcript.segment').map(({ data }) => data.segment)
    t.strictSame(live.slice(-LINES.length), await sentences())
    const again = await bench.processing.enqueue(video.id, { stages: ['speakers'] })
    t.match((await bench.ended(again.id)).stages.at(-1), { name: 'speakers', state: 'completed' })
    t.strictSame(await namesOf(), ['Speaker 1', 'Speaker 2', 'Speaker 1', 'Speaker 2'], 'a new run finds the same')

    t.equal(await renameSpeaker(bench.store, video.id, { from: 'Speaker 2', to: 'Ben' }), 2)
    t.strictSame(await namesOf(), ['Speaker 1', 'Ben', 'Speaker 1', 'Ben'])
  })

  t.test('names that subtitles give stay', async t => {
    const { sentences, stage } = await run(t, ({ text, voice }) => `<v ${voice}>${text}</v>`)
    t.match(stage, { state: 'skipped', reason: /have names/ })
    t.strictSame(
      (await sentences()).map(({ speaker }) => speaker),
      LINES.map(({ voice }) => voice),
    )
  })

  t.test('doctor runs it', async t => {
    const found = (await diagnose({ dir })).find(({ pack }) => pack === 'speakers-ge2e@1.0.0')
    t.match(found, { state: 'works', provider: 'cpu' })
  })
})

t.test('without the pack the stage is skipped with the command that installs it', async t => {
  const bench = await useBench(t, { models: modelsOf() })
  const video = await bench.add(file)
  bench.processing.start()
  const job = await bench.ended((await bench.processing.enqueue(video.id, { stages: ['speakers'] })).id)
  t.match(
    job.stages.find(({ name }) => name === 'speakers'),
    { state: 'skipped', code: 'model.missing', command: /speakers/ },
  )
})
