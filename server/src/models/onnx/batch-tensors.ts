import { Tensor } from 'onnxruntime-node'

/**
 * Lays tensors of one row over each other, those of unlike length filled up with zeros: f32 [1, a, b, c] each, with the
 * same `a`, to [n, a, max b, max c].
 */
export function stackPadded(rows: readonly Tensor[]): Tensor {
  const [first] = rows
  if (first && rows.length === 1) return first
  const [, heads = 0] = first?.dims ?? []
  const height = Math.max(0, ...rows.map(({ dims }) => dims[2] ?? 0))
  const width = Math.max(0, ...rows.map(({ dims }) => dims[3] ?? 0))
  const stacked = new Float32Array(rows.length * heads * height * width)
  rows.forEach(({ data, dims }, row) => {
    if (!(data instanceof Float32Array)) throw new TypeError('only tensors of float32 can be stacked')
    const [, , ownHeight = 0, ownWidth = 0] = dims
    for (let line = 0; line < heads * ownHeight; line += 1) {
      const target = ((row * heads + Math.floor(line / ownHeight)) * height + (line % ownHeight)) * width
      stacked.set(data.subarray(line * ownWidth, (line + 1) * ownWidth), target)
    }
  })
  return new Tensor('float32', stacked, [rows.length, heads, height, width])
}

/** The tensor with only these of its rows (its first dimension), in ascending order; itself when those are all. */
export function keepRows(tensor: Tensor, rows: readonly number[]): Tensor {
  const { data, dims, type } = tensor
  const [count = 0, ...rest] = dims
  if (rows.length === count) return tensor
  if (!(data instanceof Float32Array || data instanceof BigInt64Array)) {
    throw new TypeError(`rows of a tensor of ${type} cannot be taken`)
  }
  const size = rest.reduce((product, length) => product * length, 1)
  const length = rows.length * size
  if (data instanceof Float32Array) {
    const kept = new Float32Array(length)
    for (const [index, row] of rows.entries()) kept.set(data.subarray(row * size, (row + 1) * size), index * size)
    return new Tensor('float32', kept, [rows.length, ...rest])
  }
  const kept = new BigInt64Array(length)
  for (const [index, row] of rows.entries()) kept.set(data.subarray(row * size, (row + 1) * size), index * size)
  return new Tensor('int64', kept, [rows.length, ...rest])
}
