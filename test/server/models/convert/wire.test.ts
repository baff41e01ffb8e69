import { joinFields, readFields, wireField } from '@cuewire/server/models/convert/wire.js'
import fc from 'fast-check'
import t from 'tap'

t.test('a message split into fields and joined again is the same, unknown fields included', async t => {
  const field = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.uint8Array({ maxLength: 300 }))
  fc.assert(
    fc.property(fc.array(field), fields => {
      const message = joinFields(fields.map(([number, payload]) => wireField(number, payload)))
      const read = readFields(message)
      t.same(
        read.map(({ number, payload }) => [number, [...(payload ?? [])]]),
        fields.map(([number, payload]) => [number, [...payload]]),
      )
      t.same(joinFields(read), message)
    }),
    { numRuns: 50 },
  )
})

t.test('fields of fixed and variable size keep their bytes', async t => {
  // Field 1 varint 300, field 2 fixed64, field 3 fixed32, field 4 string "a".
  const message = Uint8Array.of(0x08, 0xac, 0x02, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1d, 1, 2, 3, 4, 0x22, 1, 97)
  t.same(joinFields(readFields(message)), message)
  t.same(
    readFields(message).map(field => field.number),
    [1, 2, 3, 4],
  )
})

t.test('a message that ends within a field is refused', async t => {
  t.throws(() => readFields(Uint8Array.of(0x22, 9, 97)))
})
