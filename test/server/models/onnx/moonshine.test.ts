import { join } from 'node:path'
import { makeSpeechClip } from '@cuewire/bench/sample/speech-clip.js'
import { Moonshine } from '@cuewire/server/models/onnx/moonshine.js'
import { packId } from '@cuewire/server/models/pack.js'
import { speechMoonshine } from '@cuewire/server/models/packs/speech-moonshine.js'
import t from 'tap'
import { installedModels } from '../../../support/models.js'

const moonshine = await Moonshine.open(join(await installedModels(t), packId(speechMoonshine)))
t.teardown(() => moonshine.release())

const LINES = [
  'The ship sailed slowly into the harbor before sunrise, and nobody on the shore saw it come.',
  'Yes.',
  'Water boils in the kettle and the steam lifts the lid.',
]

/** Each line in a span of its own. */
async function spans(): Promise<Float32Array[]> {
  const { samples, sampleRate, sentences } = await makeSpeechClip(LINES.map(text => ({ text, voice: 'slt' })))
  return sentences.map(({ start, end }) => samples.slice(Math.round(start * sampleRate), Math.round(end * sampleRate)))
}

t.test('words, their times and confidences do not depend on what a span is batched with', async t => {
  const [long, short, middle] = await spans()
  if (!long || !short || !middle) throw new Error('there are three lines')
  const alone = async (span: Float32Array) => (await moonshine.transcribe([span]))[0]
  const expected = new Map([
    [long, await alone(long)],
    [short, await alone(short)],
    [middle, await alone(middle)],
  ])
  t.match(expected.get(short)?.text, /^yes\.?$/i)
  t.match(expected.get(middle)?.text, /kettle/)
  for (const batch of [
    [long, short],
    [short, long],
    [middle, middle, middle],
    [short, middle, long, short],
  ]) {
    t.strictSame(
      await moonshine.transcribe(batch),
      batch.map(span => expected.get(span)),
    )
  }
  t.strictSame(await moonshine.transcribe([]), [], 'and no span gives nothing')
})

t.test('an abort ends a batch between two steps', async t => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const waiting = moonshine.transcribe(await spans(), controller.signal)
  setTimeout(() => controller.abort(reason), 20)
  await t.rejects(waiting, reason)
})
