import { makeSpeechClip } from '@cuewire/bench/sample/speech-clip.js'
import type { Word } from '@cuewire/protocol'
import type { Models } from '@cuewire/server/models/models.js'
import type { Test } from 'tap'

const RATE = 16_000

/** Words are in order, and within the sound. */
export function checkTimes(t: Test, words: readonly Word[], samples: Float32Array): void {
  const ordered = words.every((word, index) => word.start > (words[index - 1]?.start ?? -1) && word.end >= word.start)
  t.ok(ordered, 'starts increase')
  t.ok((words.at(-1)?.end ?? 0) <= samples.length / RATE, 'the last word ends within the sound')
}

/** What a recogniser makes of speech, and of what is none. */
export function speechContract(t: Test, models: Models): void {
  t.test('words start where they are heard', async t => {
    const parts = ['Today we learn', 'about the glacier', 'in the mountains', 'where the snow never melts.']
    const clip = await makeSpeechClip(parts.map(text => ({ text, voice: 'slt', pauseBefore: 0.6 })))
    const { words } = await (await models.speech()).transcribe(clip.samples)
    checkTimes(t, words, clip.samples)
    for (const { text, start } of clip.sentences) {
      const [first = ''] = text.toLowerCase().split(' ')
      const near = words.filter(word => word.text.toLowerCase() === first && Math.abs(word.start - start) < 0.15)
      t.equal(
        near.length,
        1,
        `"${first}" at ${start} s of ${words.map(word => `${word.text} ${word.start}`).join(', ')}`,
      )
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
}
