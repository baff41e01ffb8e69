import { toJson } from '@cuewire/server/lib/to-json.js'
import fc from 'fast-check'
import t from 'tap'

t.test('it writes what JSON.stringify writes', async t => {
  const texts = fc.oneof(fc.string({ maxLength: 100 }), fc.string({ unit: 'binary' }))
  const objects = fc.oneof(fc.dictionary(texts, texts), fc.object({ withUndefined: true } as object), fc.array(texts))
  fc.assert(
    fc.property(objects, value => toJson(value) === JSON.stringify(value)),
    { numRuns: 2000 },
  )
  for (const value of [
    {},
    [],
    ['a'],
    { at: '2026-11-26T19:29:27.078Z' },
    { a: 'x', b: 'y' },
    { a: undefined },
    { a: '"' },
  ]) {
    t.equal(toJson(value), JSON.stringify(value))
  }
  t.equal(toJson(new Date(0)), JSON.stringify(new Date(0)))
  t.equal(toJson({ '1': 'b', '0': 'a', '\\': 'c' }), JSON.stringify({ '1': 'b', '0': 'a', '\\': 'c' }))
})
