import { createAjv } from '@cuewire/server/lib/ajv.js'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import t from 'tap'

t.test('lengths are checked as Ajv checks them', async t => {
  const limit = fc.integer({ min: 0, max: 6 })
  const text = fc.string({ unit: fc.constantFrom('a', '😀', '\ud83d', '\ude00'), maxLength: 14 })
  await fc.assert(
    fc.asyncProperty(limit, limit, text, async (minLength, maxLength, given) => {
      const schema = { type: 'string', minLength, maxLength }
      const ours = createAjv({ allErrors: true }).compile(schema)
      const theirs = new Ajv({ allErrors: true }).compile(schema)
      t.equal(ours(given), theirs(given))
      t.same(ours.errors, theirs.errors)
    }),
    { numRuns: 300 },
  )
})
