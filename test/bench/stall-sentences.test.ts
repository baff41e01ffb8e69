import { makeSentences } from '@cuewire/bench/stall/sentences.js'
import t from 'tap'

t.test('sentences are the same for the same seed, in order, and end before the next begins', async t => {
  const options = { every: 4, timedWords: true }
  const sentences = makeSentences(50, 1, options)
  t.same(makeSentences(50, 1, options), sentences)
  t.not(makeSentences(50, 2, options)[0]?.text, sentences[0]?.text)
  for (const { index, start, end, text, words } of sentences) {
    t.equal(start, index * 4)
    t.ok(end <= start + 4)
    t.equal(`${words.map(word => word.text).join(' ')}.`, text)
  }
})
