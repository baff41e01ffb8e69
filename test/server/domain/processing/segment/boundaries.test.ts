import { seededRandom } from '@cuewire/bench/lib/seeded-random.js'
import { topicBoundaries, type Unit } from '@cuewire/server/domain/processing/segment/boundaries.js'
import t from 'tap'

const LIMITS = { minimum: 15, maximum: 20 }
const SECONDS = 6

/** Sentences of six seconds without pauses; without any words that tell. */
const units = (count: number, texts: Readonly<Record<number, string>> = {}): Unit[] =>
  Array.from({ length: count }, (_, at) => ({
    start: at * SECONDS,
    end: (at + 1) * SECONDS,
    text: texts[at] ?? 'It goes on.',
    keys: [],
  }))

/** Unit vectors around one axis for each subject, as far from it as sentences are. */
const meanings = (subjects: readonly number[]): Float32Array[] => {
  const random = seededRandom(5)
  const size = 256
  return subjects.map(subject => {
    const vector = Float32Array.from({ length: size }, () => ((random() - 0.5) * 4) / Math.sqrt(size))
    vector[subject % size] = 1
    const norm = Math.hypot(...vector)
    return vector.map(value => value / norm)
  })
}
const runs = (...lengths: number[]) => lengths.flatMap((length, subject) => Array.from({ length }, () => subject))

t.test('meanings alone tell where the subject changes, and how often', async t => {
  for (const lengths of [
    [8, 5, 9],
    [4, 4, 4, 4, 4, 4],
    [12, 12],
  ]) {
    const subjects = runs(...lengths)
    const expected = subjects.flatMap((subject, at) => (at > 0 && subject !== subjects[at - 1] ? [at] : []))
    const found = topicBoundaries(units(subjects.length), LIMITS, { meanings: meanings(subjects) })
    t.same(found, expected, lengths.join())
  }
})

t.test('a text about one subject is not cut', async t => {
  t.same(topicBoundaries(units(30), LIMITS, { meanings: meanings(runs(30)) }), [])
})

t.test('a segment is never shorter than the least, and there are never more than the most', async t => {
  const subjects = Array.from({ length: 60 }, (_, at) => Math.floor(at / 2))
  const found = topicBoundaries(units(60), { minimum: 30, maximum: 6 }, { meanings: meanings(subjects) })
  t.ok(found.length <= 5, String(found.length))
  const starts = [0, ...found, 60]
  t.ok(starts.slice(1).every((at, index) => (at - (starts[index] ?? 0)) * SECONDS >= 30))
})

t.test('an opening moves the boundary to its sentence', async t => {
  const subjects = runs(8, 8)
  const mixed = meanings(subjects)
  // The sentence before the opening already names what comes.
  mixed[7] = mixed[8] as Float32Array
  const plain = topicBoundaries(units(16), LIMITS, { meanings: mixed })
  const opened = topicBoundaries(units(16, { 8: "Okay, let's move on to tuning." }), LIMITS, { meanings: mixed })
  t.same(plain, [7])
  t.same(opened, [8])
})

t.test('a talk of thousands of sentences is cut in coarser steps', async t => {
  const found = topicBoundaries(units(9000), { minimum: 90, maximum: 30 }, { meanings: meanings(runs(1500, 1500)) })
  t.ok(found.length > 0 && found.length < 30)
  t.ok(
    found.every(at => at % 3 === 0),
    'a step is three sentences',
  )
})
