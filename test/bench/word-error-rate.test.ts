import { wordErrorRate } from '@cuewire/bench/sample/word-error-rate.js'
import fc from 'fast-check'
import t from 'tap'

const CASES: readonly { readonly name: string; reference: string; hypothesis: string; rate: number }[] = [
  { name: 'the same words', reference: 'the sheep graze', hypothesis: 'the sheep graze', rate: 0 },
  { name: 'case and punctuation', reference: 'The sheep, they graze!', hypothesis: 'the sheep they graze', rate: 0 },
  { name: 'a hyphen is a space', reference: 'a well-known boat', hypothesis: 'A well known boat.', rate: 0 },
  { name: 'an apostrophe joins', reference: "don't drift", hypothesis: 'dont drift', rate: 0 },
  { name: 'letters with accents stay', reference: 'Zoë sails', hypothesis: 'Zoe sails', rate: 1 / 2 },
  { name: 'one word replaced', reference: 'a b c d', hypothesis: 'a x c d', rate: 1 / 4 },
  { name: 'one word left out', reference: 'a b c d', hypothesis: 'a c d', rate: 1 / 4 },
  { name: 'one word too many', reference: 'a b c d', hypothesis: 'a b b c d', rate: 1 / 4 },
  { name: 'words swapped', reference: 'a b c d', hypothesis: 'a c b d', rate: 2 / 4 },
  { name: 'nothing heard', reference: 'a b c d', hypothesis: '', rate: 1 },
  { name: 'more words than were spoken', reference: 'a', hypothesis: 'x y z', rate: 3 },
]

for (const { name, reference, hypothesis, rate } of CASES) {
  t.test(`word error rate: ${name}`, async t => t.equal(wordErrorRate(reference, hypothesis), rate))
}

t.test('a reference without words has no rate', async t => {
  t.throws(() => wordErrorRate(' ... ', 'word'), { name: 'RangeError', message: /reference/ })
})

const words = fc.array(fc.constantFrom('sheep', 'boat', 'ice', 'wool', 'mast'), { minLength: 1, maxLength: 12 })

t.test('the rate lies between the difference of the lengths and the longer length', async () => {
  fc.assert(
    fc.property(words, words, (reference, hypothesis) => {
      const errors = wordErrorRate(reference.join(' '), hypothesis.join(' ')) * reference.length
      const longer = Math.max(reference.length, hypothesis.length)
      const difference = Math.abs(reference.length - hypothesis.length)
      return errors >= difference - 1e-9 && errors <= longer + 1e-9
    }),
  )
})

t.test('errors are counted alike in both directions', async () => {
  fc.assert(
    fc.property(words, words, (a, b) => {
      const there = wordErrorRate(a.join(' '), b.join(' ')) * a.length
      const back = wordErrorRate(b.join(' '), a.join(' ')) * b.length
      return Math.abs(there - back) < 1e-9
    }),
  )
})

t.test('leaving out k of n words costs exactly k / n', async () => {
  fc.assert(
    fc.property(words, fc.infiniteStream(fc.boolean()), (reference, keep) => {
      const kept = reference.filter(() => keep.next().value)
      const rate = wordErrorRate(reference.join(' '), kept.join(' '))
      return Math.abs(rate - (reference.length - kept.length) / reference.length) < 1e-9
    }),
  )
})
