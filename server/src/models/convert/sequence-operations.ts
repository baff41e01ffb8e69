import { ELEMENT } from './onnx-schema.js'
import type { TfOperation } from './tf-operation.js'
import { same, type Translate } from './translate.js'

/*
 * TensorFlow.js has no int64: its shapes and indices are int32, as they are here. ONNX wants int64 for both, so they are
 * cast where they enter such an operation and cast back where they leave it.
 */
const toInt32 = (operation: TfOperation, tensor: string) => operation.graph.add('Cast', [tensor], { to: ELEMENT.int32 })

const reduce =
  (opType: 'ReduceMax' | 'ReduceProd' | 'ReduceSum'): Translate =>
  operation => {
    const axes = operation.graph.int64(operation.integers(1))
    return [operation.graph.add(opType, [operation.input(0), axes], { keepdims: Number(operation.flag('keep_dims')) })]
  }

const pack: Translate = operation => {
  const axis = operation.integer('axis')
  const axes = operation.graph.int64([axis])
  const parts = operation.inputs.map((_, index) => operation.graph.add('Unsqueeze', [operation.input(index), axes]))
  return [operation.graph.add('Concat', parts, { axis })]
}

/** TensorFlow's gives the places in rows, ONNX's NonZero in columns. */
const where: Translate = operation => {
  const columns = operation.graph.add('NonZero', [operation.input(0)])
  return [toInt32(operation, operation.graph.add('Transpose', [columns], { perm: [1, 0] }))]
}

const sparseToDense: Translate = operation => {
  const { graph } = operation
  const filled = graph.add('Expand', [operation.input(3), operation.int64(1)])
  return [graph.add('ScatterND', [filled, operation.int64(0), operation.input(2)])]
}

/** Values of the same place are added. */
const scatterNd: Translate = operation => {
  if (operation.type('T') !== 'DT_FLOAT') throw operation.missing(` of ${operation.type('T')}`)
  const { graph } = operation
  const zeros = graph.add('Expand', [graph.float(0), operation.int64(2)])
  return [graph.add('ScatterND', [zeros, operation.int64(0), operation.input(1)], { reduction: 'add' })]
}

const batchMatMul: Translate = operation => {
  const [left, right] = [operation.flag('adj_x') ? 'ji' : 'ij', operation.flag('adj_y') ? 'kj' : 'jk']
  const equation = `...${left},...${right}->...ik`
  return [operation.graph.add('Einsum', [operation.input(0), operation.input(1)], { equation })]
}

const matMul: Translate = operation => {
  if (operation.flag('transpose_a') || operation.flag('transpose_b')) throw operation.missing(' of a transposed matrix')
  return same('MatMul')(operation)
}

/** The bias belongs to the last axis. */
const biasAdd: Translate = operation => {
  const format = operation.string('data_format')
  if (format !== '' && format !== 'NHWC') throw operation.missing(` in ${format}`)
  return same('Add')(operation)
}

const slice: Translate = operation => {
  const begins = operation.integers(1)
  const ends = operation
    .integers(2)
    .map((size, axis) => (size < 0 ? Number.MAX_SAFE_INTEGER : (begins[axis] ?? 0) + size))
  const bounds = [begins, ends, begins.map((_, axis) => axis)].map(values => operation.graph.int64(values))
  return [operation.graph.add('Slice', [operation.input(0), ...bounds])]
}

const splitV: Translate = operation => {
  const sizes = operation.integers(1)
  const axis = operation.integers(2)[0] ?? 0
  return operation.graph.addSeveral('Split', [operation.input(0), operation.graph.int64(sizes)], {
    outputs: sizes.length,
    attributes: { axis },
  })
}

const squeeze: Translate = operation => {
  const axes = operation.integerList('squeeze_dims')
  if (axes.length === 0) throw operation.missing(' of every axis')
  return [operation.graph.add('Squeeze', [operation.input(0), operation.graph.int64(axes)])]
}

const transpose: Translate = operation => [
  operation.graph.add('Transpose', [operation.input(0)], { perm: operation.integers(1) }),
]

const rsqrt: Translate = operation => [
  operation.graph.add('Reciprocal', [operation.graph.add('Sqrt', [operation.input(0)])]),
]

/** Operations of text encoders. */
export const SEQUENCE_OPERATIONS: readonly (readonly [string, Translate])[] = [
  ['BatchMatMul', batchMatMul],
  ['BiasAdd', biasAdd],
  ['Cos', same('Cos')],
  ['GatherNd', o => [o.graph.add('GatherND', [o.input(0), o.int64(1)])]],
  ['Greater', same('Greater')],
  ['Less', same('Less')],
  ['LogicalNot', same('Not')],
  ['MatMul', matMul],
  ['Max', reduce('ReduceMax')],
  ['Maximum', same('Max')],
  ['Pack', pack],
  ['Prod', reduce('ReduceProd')],
  ['Range', same('Range')],
  ['RealDiv', same('Div')],
  ['Rsqrt', rsqrt],
  ['ScatterNd', scatterNd],
  ['Shape', o => [toInt32(o, o.graph.add('Shape', [o.input(0)]))]],
  ['Sin', same('Sin')],
  ['Slice', slice],
  ['Softmax', o => [o.graph.add('Softmax', [o.input(0)], { axis: -1 })]],
  ['SparseToDense', sparseToDense],
  ['SplitV', splitV],
  ['Square', o => [o.graph.add('Mul', [o.input(0), o.input(0)])]],
  ['Squeeze', squeeze],
  ['Sum', reduce('ReduceSum')],
  ['Tanh', same('Tanh')],
  ['Transpose', transpose],
  ['Where', where],
]
