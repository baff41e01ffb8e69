import { OrderedWork } from '@cuewire/server/domain/processing/ordered-work.js'
import { type Deferred, deferred } from '@cuewire/server/lib/deferred.js'
import t from 'tap'

/** Work whose items end when the test says so. */
function work(limit: number) {
  const ends = new Map<number, Deferred<string>>()
  const taken: string[] = []
  const ordered = new OrderedWork<number, string>({
    limit,
    start: item => {
      const end = deferred<string>()
      ends.set(item, end)
      return end.promise
    },
    take: async (item, result) => void taken.push(`${item} ${result}`),
  })
  return { ordered, ends, taken }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

t.test('items run side by side up to the limit, and their results come in order', async t => {
  const { ordered, ends, taken } = work(2)
  await ordered.push(1)
  await ordered.push(2)
  const third = ordered.push(3)
  await turn()
  t.same([...ends.keys()], [1, 2], 'the third waits for a place')
  ends.get(2)?.resolve('b')
  await turn()
  t.same(taken, [], 'the second waits for the first')
  ends.get(1)?.resolve('a')
  await third
  t.same(taken, ['1 a', '2 b'])
  t.equal(ordered.underWay, 1)
  ends.get(3)?.resolve('c')
  await ordered.end()
  t.same(taken, ['1 a', '2 b', '3 c'])
  t.equal(ordered.underWay, 0)
})

t.test('after a failure nothing later is taken or begun, and the failure is thrown', async t => {
  const { ordered, ends, taken } = work(3)
  for (const item of [1, 2, 3]) await ordered.push(item)
  const reason = new Error('broken')
  ends.get(3)?.resolve('c')
  ends.get(2)?.reject(reason)
  await turn()
  ends.get(1)?.resolve('a')
  await turn()
  t.same(taken, ['1 a'])
  await t.rejects(ordered.push(4), reason)
  t.notOk(ends.has(4))
  await t.rejects(ordered.end(), reason)
})

t.test('a result that cannot be taken is a failure too', async t => {
  const reason = new Error('the disk is full')
  const ordered = new OrderedWork<number, number>({
    limit: 1,
    start: async item => item,
    take: () => Promise.reject(reason),
  })
  await ordered.push(1)
  await t.rejects(ordered.push(2), reason)
  await t.rejects(ordered.end(), reason)
})
