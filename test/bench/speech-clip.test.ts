import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { speak, VOICES } from '@cuewire/bench/sample/speak.js'
import { makeSpeechClip, writeSpeechClip } from '@cuewire/bench/sample/speech-clip.js'
import { decodeWav } from '@cuewire/bench/sample/wav.js'
import { encodeWav } from '@cuewire/server/lib/wav.js'
import t from 'tap'
import { testFolder } from '../support/test-folder.js'

const loudness = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length)

for (const voice of VOICES) {
  t.test(`the voice ${voice} speaks a sentence at 16 kHz`, async t => {
    const { samples, sampleRate } = await speak('The boats are in the harbor.', voice)
    t.equal(sampleRate, 16_000)
    t.ok(samples.length > sampleRate && samples.length < 4 * sampleRate, `${samples.length / sampleRate} s`)
    t.ok(loudness(samples) > 0.02, `loudness ${loudness(samples)}`)
  })
}

t.test('the two voices differ', async t => {
  const [one, other] = await Promise.all(VOICES.map(voice => speak('Good morning.', voice)))
  t.not(one?.samples.length, other?.samples.length)
})

t.test('nothing to speak, or too much, is refused by name', async t => {
  await t.rejects(speak(' ', 'slt'), { name: 'TypeError', message: /^text: / })
  await t.rejects(speak('a'.repeat(1001), 'slt'), { name: 'TypeError', message: /^text: .*1001/ })
})

t.test('an abort ends the voice at once', async t => {
  const reason = new Error('stopped by the test')
  await t.rejects(speak('Never heard.', 'slt', AbortSignal.abort(reason)), reason)
  const controller = new AbortController()
  const spoken = speak('A long sentence '.repeat(60), 'slt', controller.signal)
  controller.abort(reason)
  await t.rejects(spoken, reason)
})

t.test('a clip is 16-bit mono with sound in its sentences and silence between', async t => {
  const file = join(testFolder(t), 'clip.wav')
  const { sentences } = await writeSpeechClip(file, [
    { text: 'The wind pushes the boat.', voice: 'slt' },
    { text: 'The anchor holds it.', voice: 'rms', pauseBefore: 1 },
  ])
  const { samples, sampleRate } = decodeWav(await readFile(file))
  const part = (start: number, end: number) =>
    samples.slice(Math.round(start * sampleRate), Math.round(end * sampleRate))
  const [first, second] = sentences
  t.equal(sampleRate, 16_000)
  t.match(first, { text: 'The wind pushes the boat.', voice: 'slt', start: 0.35 })
  t.ok(first && second && Math.abs(second.start - first.end - 1) < 1e-9, 'the pause has the length asked for')
  for (const { text, start, end } of sentences) {
    t.ok(loudness(part(start, end)) > 0.02, text)
    t.ok(loudness(part(start, start + 0.15)) > 0.001, `${text} is heard from its start`)
    t.ok(loudness(part(end - 0.15, end)) > 0.001, `${text} is heard up to its end`)
  }
  t.equal(loudness(part(first?.end ?? 0, second?.start ?? 0)), 0, 'silence between')
})

t.test('a clip loses nothing of a sentence but the silence around it', async t => {
  const energy = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0)
  const text = 'Such soft whispers finish the half.'
  const [clip, { samples }] = await Promise.all([makeSpeechClip([{ text, voice: 'slt' }]), speak(text, 'slt')])
  const [sentence] = clip.sentences
  t.ok(energy(clip.samples) > 0.9999 * energy(samples), `${energy(clip.samples)} of ${energy(samples)}`)
  t.ok(sentence && (sentence.end - sentence.start) * clip.sampleRate < samples.length, 'and it is shorter')
})

t.test('sound survives a WAV file to within half a step of 16 bits', async t => {
  const samples = Float32Array.from({ length: 999 }, (_, i) => Math.sin(i / 7) * 1.1)
  const copy = decodeWav(encodeWav({ samples, sampleRate: 8000 }))
  t.equal(copy.sampleRate, 8000)
  t.equal(copy.samples.length, samples.length)
  const clipped = samples.map(x => Math.min(1, Math.max(-1, x)))
  t.ok(clipped.every((x, i) => Math.abs(x - (copy.samples[i] ?? Number.NaN)) < 2 / 32768))
})

t.test('what is no 16-bit mono WAV file is refused with what it is', async t => {
  const good = encodeWav({ samples: new Float32Array(4), sampleRate: 8000 })
  const stereo = Buffer.from(good)
  stereo.writeUInt16LE(2, 22)
  t.throws(() => decodeWav(Buffer.from('not sound at all')), /RIFF/)
  t.throws(() => decodeWav(stereo), /2 channels/)
  t.throws(() => decodeWav(good.subarray(0, 36)), /without samples/)
})
