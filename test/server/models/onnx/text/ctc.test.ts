import { decodeCtc } from '@cuewire/server/models/onnx/text/ctc.js'
import t from 'tap'

const CHARACTERS = ['a', 'b', ' ']

/** The rows of steps: of each the most likely class (0 blank, 1 `a`, 2 `b`, 3 the space), its probability, and that of the space. */
function rowsOf(...steps: readonly (readonly [number, number, number?])[]): Float32Array {
  const rows = new Float32Array(steps.length * 4)
  for (const [step, [index, probability, space = 0]] of steps.entries()) {
    rows[step * 4 + 3] = space
    rows[step * 4 + index] = probability
  }
  return rows
}

t.test('repeats are joined unless a blank is between them', async t => {
  const read = decodeCtc(rowsOf([0, 1], [1, 0.5], [1, 0.75], [0, 1], [1, 1], [2, 1], [0, 1]), CHARACTERS)
  t.same(read, [
    { text: 'a', probability: 0.75 },
    { text: 'a', probability: 1 },
    { text: 'b', probability: 1 },
  ])
  t.same(decodeCtc(new Float32Array(0), CHARACTERS), [])
})

t.test('a space that is likely is read between characters, once, and not at the ends', async t => {
  const textOf = (rows: Float32Array) =>
    decodeCtc(rows, CHARACTERS)
      .map(({ text }) => text)
      .join('')
  t.equal(textOf(rowsOf([0, 0.9, 0.1], [1, 1], [0, 0.95, 0.05], [2, 1], [0, 0.9, 0.1])), 'a b')
  t.equal(textOf(rowsOf([1, 1], [0, 0.99, 0.01], [2, 1])), 'ab')
  t.equal(textOf(rowsOf([1, 1], [0, 0.9, 0.1], [3, 0.8, 0.8], [0, 0.9, 0.1], [2, 1])), 'a b')
})
