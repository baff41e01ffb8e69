import { makeSpeechClip } from '@cuewire/bench/sample/speech-clip.js'
import { wordErrorRate } from '@cuewire/bench/sample/word-error-rate.js'
import type { Word } from '@cuewire/protocol'
import t, { type Test } from 'tap'
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

function checkTimes(t: Test, words: readonly Word[], samples: Float32Array): void {
  const ordered = words.every((word, index) => word.start > (words[index - 1]?.start ?? -1) && word.end >= word.start)
  t.ok(ordered, 'starts increase')
  t.ok((words.at(-1)?.end ?? 0) <= samples.length / RATE, 'the last word ends within the sound')
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

t.test('words start where they are heard', async t => {
  const parts = ['Today we learn', 'about the glacier', 'in the mountains', 'where the snow never melts.']
  const clip = await makeSpeechClip(parts.map(text => ({ text, voice: 'slt', pauseBefore: 0.6 })))
  const { words } = await hear(clip.samples)
  for (const { text, start } of clip.sentences) {
    const [first = ''] = text.toLowerCase().split(' ')
    const near = words.filter(word => word.text.toLowerCase() === first && Math.abs(word.start - start) < 0.15)
    t.equal(near.length, 1, `"${first}" at ${start} s of ${words.map(word => `${word.text} ${word.start}`).join(', ')}`)
  }
})

t.test('a short utterance is understood', async t => {
  const recogniser = await models.speech()
  const { samples, sentences } = await makeSpeechClip([{ text: 'Yes.', voice: 'slt' }])
  const { start = 0, end = 0 } = sentences[0] ?? {}
  const { text, words } = await recogniser.transcribe(samples.subarray(start * RATE, end * RATE))
  t.match(text, /^yes\.?$/i)
  t.ok((words[0]?.end ?? 9) <= end - start, 'its word ends within it')
})

t.test('silence and a tone have no words', async t => {
  const recogniser = await models.speech()
  t.match(await recogniser.transcribe(new Float32Array(2 * RATE)), { text: '', words: [], repeats: false })
  const tone = new Float32Array(2 * RATE).map((_, i) => Math.sin(i / 6) * 0.3)
  t.match(await recogniser.transcribe(tone), { text: '', words: [] })
})

t.test('confidence is that of speech for speech', async t => {
  const recogniser = await models.speech()
  const { samples } = await makeSpeechClip([{ text: 'The wind pushes the boat over the lake.', voice: 'slt' }])
  const { confidence, words } = await recogniser.transcribe(samples)
  t.ok(confidence > 0.7 && confidence <= 1, `${confidence}`)
  t.ok(words.every(word => word.confidence > 0 && word.confidence <= 1))
})

t.test('an abort rejects at once, and the recogniser still works', async t => {
  const recogniser = await models.speech()
  const { samples } = await makeSpeechClip([{ text: 'The wind pushes the boat over the lake.', voice: 'slt' }])
  const controller = new AbortController()
  const reason = new Error('enough')
  const waiting = recogniser.transcribe(samples, controller.signal)
  setTimeout(() => controller.abort(reason), 20)
  await t.rejects(waiting, reason)
  t.match((await recogniser.transcribe(samples)).text, /wind/)
})

t.test('no samples, or far too many, are refused', async t => {
  const recogniser = await models.speech()
  await t.rejects(recogniser.transcribe(new Float32Array(0)), { name: 'RangeError' })
  await t.rejects(recogniser.transcribe(new Float32Array(61 * RATE)), { name: 'RangeError' })
})
