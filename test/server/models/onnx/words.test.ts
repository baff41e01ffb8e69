import { isRepetitive } from '@cuewire/server/models/onnx/repetition.js'
import { Sound } from '@cuewire/server/models/onnx/sound.js'
import { tokenWords } from '@cuewire/server/models/onnx/tokenizer.js'
import { wordTimes } from '@cuewire/server/models/onnx/word-times.js'
import llamaTokenizer from 'llama-tokenizer-js'
import t from 'tap'

const encode = (text: string) => llamaTokenizer.encode(text, false)

t.test('tokens become words with their punctuation', async t => {
  const words = tokenWords(encode("Well, it's uncharacteristically cold."))
  t.same(
    words.map(({ text }) => text),
    ['Well,', "it's", 'uncharacteristically', 'cold.'],
  )
  const [well] = words
  t.equal(well && well.end - well.spokenEnd, 1, 'the comma is not spoken')
})

t.test('letters outside the vocabulary are put together of their bytes', async t => {
  t.same(
    tokenWords(encode('a 🦙 llama')).map(({ text }) => text),
    ['a', '🦙', 'llama'],
  )
})

t.test('notes and tokens outside the vocabulary have no text', async t => {
  t.same(tokenWords(encode('♪')), [])
  t.same(tokenWords([32_500, 0, 1, 2]), [])
  t.same(tokenWords([]), [])
})

t.test('a phrase said over and over is a repetition, and usual speech is not', async t => {
  const repetitive = (text: string) => isRepetitive(text.split(' '))
  t.ok(repetitive('and and and and and and'))
  t.ok(repetitive('so I said. So I said, so I said so I said'))
  t.notOk(repetitive('no no no no'))
  t.notOk(repetitive('it was the best of times it was the worst of times it was the age of wisdom'))
  t.notOk(repetitive(''))
})

t.test('the sound within a stretch is told from the silence beside it', async t => {
  // 1 s of silence, 0.5 s of sound, 1 s of silence, 20 ms of sound, silence.
  const loud = (at: number) => (at >= 16_000 && at < 24_000) || (at >= 40_000 && at < 40_320)
  const samples = Float32Array.from({ length: 48_000 }, (_, at) => (loud(at) ? Math.sin(at / 5) : 0))
  const sound = new Sound(samples)
  t.same(sound.within(0, 48_000), { start: 16_000, end: 24_000 })
  t.same(sound.within(18_000, 20_000), { start: 18_000, end: 20_000 }, 'never wider than asked')
  t.same(sound.within(25_000, 48_000), { start: 46_400, end: 48_000 }, 'a click is no word')
})

t.test('in steady noise nothing is taken for silence', async t => {
  const samples = Float32Array.from({ length: 16_000 }, (_, at) => Math.sin(at * at))
  t.same(new Sound(samples).within(1600, 9600), { start: 1600, end: 9600 })
})

t.test('word starts increase and stay inside the sound, however bad the attentions', async t => {
  const tokens = encode('one two three four five')
  const attention = { heads: 1, frames: 5, data: new Float32Array(5) }
  const steps = tokens.map(token => ({ token, probability: 0.5, attention }))
  const samples = Float32Array.from({ length: 1600 }, (_, at) => Math.sin(at / 5))
  const words = wordTimes(tokenWords(tokens), steps, samples)
  t.equal(words.length, 5)
  words.reduce((former, { start, end, confidence }) => {
    t.ok(start > former && end >= start && end <= 0.1 && confidence === 0.5, `${start} to ${end}`)
    return start
  }, -1)
})
