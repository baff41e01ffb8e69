import { keepRows, stackPadded } from '@cuewire/server/models/onnx/batch-tensors.js'
import { Tensor } from 'onnxruntime-node'
import t from 'tap'

const floats = (values: readonly number[], dims: readonly number[]) => new Tensor('float32', values, dims)

t.test('rows of unlike length are filled up with zeros, in width and in height', async t => {
  const wide = stackPadded([floats([1, 2, 3, 4], [1, 2, 1, 2]), floats([5, 6, 7, 8, 9, 10], [1, 2, 1, 3])])
  t.same(wide.dims, [2, 2, 1, 3])
  t.same([...(wide.data as Float32Array)], [1, 2, 0, 3, 4, 0, 5, 6, 7, 8, 9, 10])
  const high = stackPadded([floats([1, 2, 3, 4], [1, 2, 1, 2]), floats([5, 6, 7, 8, 9, 10, 11, 12], [1, 2, 2, 2])])
  t.same(high.dims, [2, 2, 2, 2])
  t.same([...(high.data as Float32Array)], [1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 7, 8, 9, 10, 11, 12])
})

t.test('the rows asked for are kept, of floats and of integers', async t => {
  const kept = keepRows(floats([1, 2, 3, 4, 5, 6], [3, 2]), [0, 2])
  t.same(
    [kept.dims, [...(kept.data as Float32Array)]],
    [
      [2, 2],
      [1, 2, 5, 6],
    ],
  )
  const tokens = keepRows(new Tensor('int64', BigInt64Array.of(7n, 8n), [2, 1]), [1])
  t.same([tokens.dims, [...(tokens.data as BigInt64Array)]], [[1, 1], [8n]])
  t.throws(() => keepRows(new Tensor('bool', [true, false], [2]), [0]), TypeError)
})
