import { evidenceOf } from '@cuewire/server/models/onnx/evidence.js'
import t from 'tap'

/** Words, each with the confidence given for its sentence. */
const said = (...sentences: readonly [text: string, confidence: number][]) =>
  sentences.flatMap(([text, confidence]) => text.split(' ').map(word => ({ text: word, confidence })))

t.test('the evidence of a span is the mean confidence of its words', async t => {
  t.equal(evidenceOf(said(['one two', 0.5], ['three four', 1])), 0.75)
  t.equal(evidenceOf([]), 0)
})

t.test('copies of earlier words prove nothing, however sure the model is of them', async t => {
  const lost = said(['The speed of the sand has changed.', 0.5], ['the speed of the sand has changed', 0.95])
  t.equal(evidenceOf(lost).toFixed(3), '0.500')
  const thrice = said(['It is the most important thing.', 0.4], ['It is the most important thing.', 0.9])
  t.equal(evidenceOf([...thrice, ...thrice.slice(6)]).toFixed(3), '0.400')
})

t.test('a sentence that was understood and is said three times was understood', async t => {
  t.equal(
    evidenceOf(said(['I have a dream.', 0.9], ['I have a dream.', 0.9], ['I have a dream.', 0.9])).toFixed(3),
    '0.900',
  )
})
