import { lazy, makeAhead } from '@cuewire/server/lib/lazy.js'
import t from 'tap'

t.test('a lazy value is made once, when it is first needed', async t => {
  let made = 0
  const value = lazy(() => {
    made += 1
    return made
  })
  t.equal(made, 0)
  t.equal(value(), 1)
  t.equal(value(), 1)
  await makeAhead()
  t.equal(made, 1)
})

t.test('or ahead, one after another', async t => {
  const made: string[] = []
  const first = lazy(() => made.push('first'))
  lazy(() => made.push('second'))
  setImmediate(() => made.push('other work'))
  await makeAhead()
  t.same(made, ['first', 'other work', 'second'])
  first()
  t.equal(made.length, 3, 'it is not made again')
})

t.test('what cannot be made says so to whoever needs it, each time', t => {
  const broken = lazy(() => {
    throw new Error('broken')
  })
  t.throws(broken, { message: 'broken' })
  t.throws(broken, { message: 'broken' })
  t.end()
})
