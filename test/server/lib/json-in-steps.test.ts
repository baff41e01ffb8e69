import { jsonInSteps } from '@cuewire/server/lib/json-in-steps.js'
import fc from 'fast-check'
import t from 'tap'

t.test('it writes what JSON.stringify writes', async t => {
  const lanes = fc.array(fc.array(fc.constantFrom(undefined, null, 1, 'a', { b: [] }), { maxLength: 302, size: 'max' }))
  const values = fc.oneof(fc.object({ withDate: true, withSparseArray: true }), fc.record({ lanes }))
  await fc.assert(
    fc.asyncProperty(values, async value => (await jsonInSteps(value)) === JSON.stringify(value)),
    { numRuns: 300 },
  )
  for (const value of [{}, [], { a: undefined, b: [undefined, null] }, { at: new Date(0) }, { '1': 'b', '"': [[]] }])
    t.equal(await jsonInSteps(value), JSON.stringify(value))
})

t.test('other work gets its turn while it writes', async t => {
  const items = Array.from({ length: 50_000 }, (_, at) => ({ start: at, end: at + 1, label: `Shot ${at + 1}` }))
  let isWriting = true
  const writing = jsonInSteps({ lanes: [{ name: 'shots', items }] }).finally(() => {
    isWriting = false
  })
  const wasWriting = await new Promise(resolve => setTimeout(() => resolve(isWriting), 1))
  t.equal(wasWriting, true)
  await writing
})
