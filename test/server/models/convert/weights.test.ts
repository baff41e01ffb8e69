import { decodeWeights, halfToNumber } from '@cuewire/server/models/convert/weights.js'
import t from 'tap'

t.test('half floats are read exactly', async t => {
  // IEEE 754-2008 binary16: one, the largest, the smallest normal and subnormal, and minus two.
  t.equal(halfToNumber(0x3c00), 1)
  t.equal(halfToNumber(0x7bff), 65504)
  t.equal(halfToNumber(0x0400), 2 ** -14)
  t.equal(halfToNumber(0x0001), 2 ** -24)
  t.equal(halfToNumber(0xc000), -2)
  t.equal(halfToNumber(0xfc00), Number.NEGATIVE_INFINITY)
  t.ok(Number.isNaN(halfToNumber(0x7e00)))
})

t.test('weights stored in a way the converter cannot read are named', async t => {
  const entry = { name: 'kernel', shape: [1], dtype: 'float32', quantization: { dtype: 'uint8' } }
  t.throws(() => decodeWeights([entry], new Uint8Array(1)), { message: /kernel: float32 stored as uint8/ })
})
