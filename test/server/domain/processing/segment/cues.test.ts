import { cueStrengths } from '@cuewire/server/domain/processing/segment/cues.js'
import t from 'tap'

const PLAIN = 'The dough rests in a basket under a cloth.'
const among = (sentence: string) => cueStrengths([...Array.from({ length: 20 }, () => PLAIN), sentence])

t.test('openings of a new subject are told from other sentences', async t => {
  const announcements = [
    "Okay, let's start with the starter.",
    'Next, shutter speed.',
    'The second type is the reflector.',
    'And that brings us to returns.',
    'So, on to the oven.',
    'Moving on, I want to explain the scanners.',
    'Finally, how to practise.',
    'First of all, clocking in.',
    'Number five, playing posture.',
  ]
  for (const sentence of announcements) t.equal(among(sentence).at(-1), 1, sentence)
  for (const sentence of ['Right, so the hive.', 'Okay.', 'Now, the slope.'])
    t.equal(among(sentence).at(-1), 0.75, sentence)
  const plain = [
    'The first snow fell in November.',
    'Only on Tuesday did they turn to us.',
    'So many people came that the doors were shut.',
    'Nowadays it is different.',
    'He was right, okay.',
    '',
  ]
  for (const sentence of plain) t.equal(among(sentence).at(-1), 0, sentence)
})

t.test('an opening that is a habit tells less', async t => {
  const habit = Array.from({ length: 20 }, (_, at) => (at % 3 === 0 ? 'So, we wait.' : PLAIN))
  const [first = 0] = cueStrengths(habit)
  t.ok(first > 0 && first < 0.4, String(first))
})
