import { makeSpeechClip } from '@cuewire/bench/sample/speech-clip.js'
import { wordErrorRate } from '@cuewire/bench/sample/word-error-rate.js'
import type { Word } from '@cuewire/protocol'
import t from 'tap'
import { checkTimes } from '../../contract/models/speech.js'
import { decodeSound } from '../../support/decode.js'
import { useModels } from '../../support/models.js'
import { sharedMedia } from '../../support/shared-media.js'

const models = await useModels(t)

const RATE = 16_000

/** Everything said in some sound, as the transcript stage will hear it: spans of speech, each recognised. */
async function hear(samples: Float32Array): Promise<{ readonly text: string; readonly words: Word[] }> {
  const [recogniser, detector] = await Promise.all([models.speech(), models.voiceActivity()])
  const stream = detector.open({ maxSpan: recogniser.maxSpan })
  const spans = [...(await stream.push(samples)), ...(await stream.finish())]
  const texts: string[] = []
  const words: Word[] = []
  for (const { start, end } of spans) {
    const found = await recogniser.transcribe(samples.subarray(Math.round(start * RATE), Math.round(end * RATE)))
    texts.push(found.text)
    words.push(...found.words.map(word => ({ ...word, start: start + word.start, end: start + word.end })))
  }
  return { text: texts.join(' '), words }
}

const JFK =
  'And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country.'
const TWO_CITIES =
  'It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, ' +
  'it was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of ' +
  'Darkness, it was the spring of hope, it was the winter of despair, we had everything before us, we had nothing ' +
  'before us, we were all going direct to Heaven, we were all going direct the other way - in short, the period was ' +
  'so far like the present period, that some of its noisiest authorities insisted on its being received, for good or ' +
  'for evil, in the superlative degree of comparison only.'

for (const [name, reference] of [
  ['jfk.wav', JFK],
  ['two_cities_16k.wav', TWO_CITIES],
  ['derived_person-with-speech.mp4', JFK],
] as const) {
  const { skip, paths } = sharedMedia(name)
  t.test(`${name} is understood, its words in order and inside the sound`, { skip }, async t => {
    const samples = await decodeSound(paths[0] ?? '')
    const { text, words } = await hear(samples)
    const rate = wordErrorRate(reference, text)
    t.ok(rate <= 0.08, `word error rate ${rate}: ${text}`)
    checkTimes(t, words, samples)
  })
}

const speech = sharedMedia('jfk.wav')
t.test('words of a recording start where they are heard', { skip: speech.skip }, async t => {
  const { words } = await hear(await decodeSound(speech.paths[0] ?? ''))
  const start = (text: string, nth = 0) =>
    words.filter(word => word.text.toLowerCase().startsWith(text))[nth]?.start ?? 0
  // Read off the loudness of the recording: each of these follows a pause.
  t.ok(Math.abs(start('and') - 0.31) < 0.15, `and ${start('and')}`)
  t.ok(Math.abs(start('ask') - 3.27) < 0.15, `ask ${start('ask')}`)
  t.ok(Math.abs(start('not') - 3.98) < 0.15, `not ${start('not')}`)
  t.ok(Math.abs(start('what') - 5.4) < 0.15, `what ${start('what')}`)
  t.ok(Math.abs(start('ask', 1) - 8.17) < 0.15, `ask ${start('ask', 1)}`)
})

for (const voice of ['slt', 'rms'] as const) {
  t.test(`the synthetic voice ${voice} is understood, its words in order and inside the sound`, async t => {
    const lines = [
      'The ship sailed slowly into the harbor before sunrise.',
      'Every morning the farmer feeds the sheep on the hill.',
      'Water boils in the kettle and the steam lifts the lid.',
    ]
    const clip = await makeSpeechClip(lines.map(text => ({ text, voice, pauseBefore: 0.8 })))
    const { text, words } = await hear(clip.samples)
    const rate = wordErrorRate(lines.join(' '), text)
    t.ok(rate <= 0.15, `word error rate ${rate}: ${text}`)
    checkTimes(t, words, clip.samples)
  })
}
