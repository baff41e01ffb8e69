import type { AudioSpan } from '@cuewire/protocol'
import { SignalTypes } from '@cuewire/server/domain/processing/sound/signal-types.js'
import { SoundTypes } from '@cuewire/server/domain/processing/sound/sound-types.js'
import t from 'tap'
import { variedSound } from '../../../../support/varied-sound.js'

const RATE = 16_000
const { samples, parts } = await variedSound()
const { signal } = new AbortController()

async function spansOf(sound: Float32Array, slice: number): Promise<AudioSpan[]> {
  const types = new SoundTypes(new SignalTypes())
  const spans: AudioSpan[] = []
  for (let at = 0; at < sound.length; at += slice)
    spans.push(...(await types.push(sound.subarray(at, at + slice), signal)))
  return [...spans, ...(await types.finish(sound.length / RATE, signal))]
}

t.test('speech, music, noise and silence are told apart, however the sound is cut', async t => {
  const spans = await spansOf(samples, 8000)
  t.strictSame(
    spans.map(({ type }) => type),
    parts.map(({ type }) => type),
  )
  for (const [at, { end }] of parts.entries()) {
    t.ok(Math.abs((spans[at]?.end ?? 0) - end) <= 1.25, `${spans[at]?.type} ends at ${spans[at]?.end}, not ${end}`)
    t.equal(spans[at]?.start, spans[at - 1]?.end ?? 0, 'spans follow each other')
    t.equal(spans[at]?.index, at)
  }
  t.strictSame(await spansOf(samples, 12_345), spans)
  const quiet = await spansOf(
    samples.map(sample => sample * 0.01),
    8000,
  )
  t.strictSame(
    quiet.map(({ type }) => type),
    parts.map(({ type }) => type),
    '40 dB quieter',
  )
})

t.test('a sound shorter than a frame is one span, and no sound is none', async t => {
  t.match(await spansOf(samples.subarray(RATE, RATE + 100), 100), [{ index: 0, start: 0, end: 100 / RATE }])
  t.strictSame(await spansOf(new Float32Array(0), 100), [])
})
