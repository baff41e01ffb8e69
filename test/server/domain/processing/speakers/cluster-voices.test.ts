import { seededRandom } from '@cuewire/bench/lib/seeded-random.js'
import { clusterVoices } from '@cuewire/server/domain/processing/speakers/cluster-voices.js'
import t from 'tap'

const { signal } = new AbortController()
const random = seededRandom(5)
const SIZE = 64

function unit(values: Float32Array): Float32Array {
  const norm = Math.hypot(...values)
  return values.map(value => value / norm)
}
const person = () => unit(Float32Array.from({ length: SIZE }, () => random() - 0.5))
/** A sentence of someone: each differs a little. */
const said = (by: Float32Array, seconds = 3) => ({
  vector: unit(by.map(value => value + 0.06 * (random() - 0.5))),
  seconds,
})

t.test('speakers are numbered in order of appearance', async t => {
  const [ada, ben, cleo] = [person(), person(), person()]
  const voices = [ben, ada, ben, cleo, ada, ada, cleo].map(by => said(by))
  t.strictSame(await clusterVoices(voices, signal), [0, 1, 0, 2, 1, 1, 2])
  t.strictSame(await clusterVoices([said(ada)], signal), [0])
  t.strictSame(await clusterVoices([], signal), [])
})

t.test('a short sentence that sounds like nobody is no speaker of its own', async t => {
  const [ada, ben] = [person(), person()]
  const numbers = await clusterVoices([said(ada), said(ben), said(person(), 0.6), said(ada)], signal)
  t.equal(new Set(numbers).size, 2)
  t.equal(numbers[3], numbers[0])
})

t.test('of more sentences than are grouped, the others join whom they are like', async t => {
  const people = [person(), person()]
  const order = Array.from({ length: 700 }, (_, at) => at % 2)
  const voices = order.map(at => said(people[at] as Float32Array, 1 + random()))
  t.strictSame(await clusterVoices(voices, signal), order)
  await t.rejects(clusterVoices(voices, AbortSignal.abort(new Error('enough'))), { message: 'enough' })
})
