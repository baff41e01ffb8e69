import type { Models } from '@cuewire/server/models/models.js'
import type { Test } from 'tap'

/** Pairs that mean the same in other words; no word of one that tells its subject is in the other. */
const PAIRS = [
  ['How old are you?', 'What is your age?'],
  ['A man is playing a guitar.', 'Someone strums an instrument.'],
  ['The flight was delayed by snow.', 'Bad weather held up our plane.'],
] as const

/** What a sentence encoder must tell apart. */
export function sentencesContract(t: Test, models: Models): void {
  t.test('sentences that mean the same are closer than others', async t => {
    const { encode } = await models.sentences()
    const vectors = await Promise.all(PAIRS.flat().map(text => encode(text)))
    for (const [at, vector] of vectors.entries()) {
      t.ok(Math.abs(cosine(vector, vector) - 1) < 1e-3, 'the length is 1')
      const others = vectors.map((other, place) => (place === at ? -1 : cosine(vector, other)))
      t.equal(others.indexOf(Math.max(...others)), at ^ 1, `closest to ${PAIRS.flat()[at]}`)
    }
  })

  t.test('a vector does not depend on what is encoded beside it', async t => {
    const { encode, parallel } = await models.sentences()
    const alone = await encode('Boil the rice.')
    const texts = Array.from({ length: parallel }, (_, at) => `${'And then we wait. '.repeat(at % 5)}Boil the rice.`)
    const [beside] = await Promise.all([encode('Boil the rice.'), ...texts.map(text => encode(text))])
    t.ok(cosine(alone, beside as Float32Array) > 0.98)
  })

  t.test('any text has a vector, and only the beginning of a long one counts', async t => {
    const { encode } = await models.sentences()
    const size = (await encode('Boats.')).length
    for (const text of ['', ' ', '\u{200b}', '\u{1f6a2}', ':', 'x'.repeat(50_000), 'boats '.repeat(20_000)]) {
      const vector = await encode(text)
      t.ok(vector.length === size && vector.every(Number.isFinite), JSON.stringify(text.slice(0, 9)))
    }
    const long = 'The boats leave before dawn. '.repeat(40)
    t.ok(cosine(await encode(long), await encode(`${long} Rice is boiled.`)) > 0.999)
  })
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
}
