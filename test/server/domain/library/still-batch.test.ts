import { chooseBatch } from '@cuewire/server/domain/library/still-batch.js'
import t from 'tap'

const request = (at: number, videoId = 'a', tenant = 'acme') => ({ blobs: { tenant }, videoId, at })
const times = (first: number, ...others: number[]) =>
  chooseBatch([request(first), ...others.map(at => request(at))]).map(({ at }) => at)

t.test('a batch holds the oldest request and those around it without a gap, ascending', async t => {
  t.strictSame(times(5), [5])
  t.strictSame(times(5, 9, 1, 13, -3, 17.001), [-3, 1, 5, 9, 13])
  t.strictSame(times(5, 0.999, 9.001), [5])
  const others = [request(6, 'b'), request(6, 'a', 'globex')]
  t.strictSame(chooseBatch([request(5), ...others, request(7)]), [request(5), request(7)], 'of one video')
})

t.test('a batch is bounded in length and number, and what comes later goes first', async t => {
  const seconds = Array.from({ length: 200 }, (_, at) => at).filter(at => at !== 100)
  const long = times(100, ...seconds)
  t.match({ first: long[0], last: long.at(-1), length: long.length }, { first: 40, last: 160, length: 121 })

  const dense = Array.from({ length: 1000 }, (_, i) => i / 32).filter(at => at !== 20)
  const many = times(20, ...dense)
  t.match({ first: many[0], last: many.at(-1), length: many.length }, { last: 999 / 32, length: 500 })
  t.equal(many[0], 500 / 32)
})
