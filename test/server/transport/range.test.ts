import { parseRange } from '@cuewire/server/transport/http/range.js'
import fc from 'fast-check'
import t from 'tap'

t.test('Range headers', async t => {
  const cases: [header: string | undefined, expected: unknown][] = [
    [undefined, undefined],
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=10-', { start: 10, end: 100 }],
    ['bytes=-10', { start: 90, end: 100 }],
    ['bytes=-1000', { start: 0, end: 100 }],
    ['bytes=50-1000', { start: 50, end: 100 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=9-3', undefined],
    ['bytes=-', undefined],
    ['bytes=0-1,5-6', undefined],
    ['chunks=0-1', undefined],
  ]
  for (const [header, expected] of cases) t.same(parseRange(header, 100), expected, String(header))
  t.equal(parseRange('bytes=-5', 0), 'unsatisfiable')
})

t.test('a range always lies within the file', async t => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
    fc.nat().map(a => `bytes=-${a}`),
  )
  fc.assert(
    fc.property(header, fc.nat({ max: 10_000 }), (text, size) => {
      const range = parseRange(text, size)
      if (range === undefined || range === 'unsatisfiable') return true
      return range.start >= 0 && range.start < range.end && range.end <= size
    }),
  )
  t.pass('property held')
})
