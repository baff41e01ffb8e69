import { decodeCtc } from '@cuewire/server/models/onnx/text/ctc.js'
import t from 'tap'

const CHARACTERS = ['a', 'b']

/** The rows of steps that are sure of a class each: 0 blank, 1 `a`, 2 `b`. */
function rowsOf(...steps: readonly (readonly [number, number])[]): Float32Array {
  const rows = new Float32Array(steps.length * 3)
  for (const [step, [index, probability]] of steps.entries()) rows[step * 3 + index] = probability
  return rows
}

t.test('repeats are joined unless a blank is between them', async t => {
  const read = decodeCtc(rowsOf([0, 1], [1, 0.5], [1, 0.75], [0, 1], [1, 1], [2, 1], [0, 1]), 3, CHARACTERS)
  t.same(read, [
    { text: 'a', probability: 0.75 },
    { text: 'a', probability: 1 },
    { text: 'b', probability: 1 },
  ])
  t.same(decodeCtc(new Float32Array(0), 3, CHARACTERS), [])
})
