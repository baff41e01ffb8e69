import { ELEMENT } from './onnx-schema.js'
import { SEQUENCE_OPERATIONS } from './sequence-operations.js'
import type { TfOperation } from './tf-operation.js'
import { same, type Translate } from './translate.js'
import type { Weight } from './weights.js'

const CASTS: Readonly<Record<string, number>> = {
  DT_FLOAT: ELEMENT.float,
  DT_INT32: ELEMENT.int32,
  DT_INT64: ELEMENT.int64,
  DT_BOOL: ELEMENT.bool,
}

function window(operation: TfOperation): Record<string, string | readonly number[]> {
  const format = operation.string('data_format')
  if (format !== '' && format !== 'NHWC') throw operation.missing(` in ${format}`)
  const padding = operation.string('padding')
  if (padding !== 'SAME' && padding !== 'VALID') throw operation.missing(` with ${padding} padding`)
  // TensorFlow's SAME puts the odd pixel at the end, which is ONNX's SAME_UPPER.
  return { auto_pad: padding === 'SAME' ? 'SAME_UPPER' : 'VALID', strides: operation.spatial('strides') }
}

/** [height, width, in, out] to [out, in, height, width]; a depthwise [height, width, in, multiplier] to [in * multiplier, 1, ...]. */
function filter(operation: TfOperation, depthwise: boolean): string {
  const weight: Weight = operation.weight(1)
  const [height = 0, width = 0, inputs = 0, outputs = 0] = weight.shape
  const data = new Float32Array(weight.data.length)
  const area = height * width
  for (let at = 0; at < area; at += 1) {
    for (let i = 0; i < inputs; i += 1) {
      for (let o = 0; o < outputs; o += 1) {
        const row = depthwise ? i * outputs + o : o * inputs + i
        data[row * area + at] = weight.data[(at * inputs + i) * outputs + o] ?? 0
      }
    }
  }
  const dims = depthwise ? [inputs * outputs, 1, height, width] : [outputs, inputs, height, width]
  return operation.graph.constant(ELEMENT.float, dims, data)
}

const relu6 = (operation: TfOperation, input: string) =>
  operation.graph.add('Clip', [input, operation.graph.float(0), operation.graph.float(6)])

const convolution =
  (depthwise: boolean): Translate =>
  operation => {
    const fused = operation.strings('fused_ops')
    const biased = fused[0] === 'BiasAdd'
    const inputs = [operation.channelsFirst(0), filter(operation, depthwise), ...(biased ? [operation.input(2)] : [])]
    let output = operation.graph.add('Conv', inputs, {
      ...window(operation),
      dilations: operation.spatial('dilations'),
      group: depthwise ? (operation.weight(1).shape[2] ?? 1) : 1,
    })
    for (const name of biased ? fused.slice(1) : fused) {
      if (name === 'Relu') output = operation.graph.add('Relu', [output])
      else if (name === 'Relu6') output = relu6(operation, output)
      else throw operation.missing(` with fused ${name}`)
    }
    return [operation.channelsLast(output)]
  }

/** A computed shape is taken as it is. The number of rows that a constant one states is that of one height. */
const reshape: Translate = operation => {
  if (!operation.isConstant(1)) return [operation.graph.add('Reshape', [operation.input(0), operation.int64(1)])]
  const stated = operation.integers(1)
  const shape = stated.includes(-1) ? stated : [-1, ...stated.slice(1)]
  return [operation.graph.add('Reshape', [operation.input(0), operation.graph.int64(shape)])]
}

/** It doubles the picture: the size that the graph states is that of one height. */
const resizeBilinear: Translate = operation => {
  if (operation.flag('align_corners') || operation.flag('half_pixel_centers')) {
    throw operation.missing(' with align_corners or half_pixel_centers')
  }
  const twice = operation.graph.constant(ELEMENT.float, [2], Float32Array.of(2, 2))
  const output = operation.graph.add('Resize', [operation.channelsFirst(0), '', twice], {
    mode: 'linear',
    coordinate_transformation_mode: 'asymmetric',
    axes: [2, 3],
  })
  return [operation.channelsLast(output)]
}

const stridedSlice: Translate = operation => {
  for (const mask of ['new_axis_mask', 'ellipsis_mask']) {
    if (operation.integer(mask) !== 0) throw operation.missing(` with ${mask}`)
  }
  const shrink = operation.integer('shrink_axis_mask')
  const strides = operation.integers(3)
  if (strides.some(stride => stride < 1)) throw operation.missing(' with a negative stride')
  const isSet = (mask: string, axis: number) => ((operation.integer(mask) >> axis) & 1) === 1
  const begins = operation.integers(1).map((begin, axis) => (isSet('begin_mask', axis) ? 0 : begin))
  const ends = operation.integers(2).map((end, axis) => {
    if (((shrink >> axis) & 1) === 1) return (begins[axis] ?? 0) + 1 || Number.MAX_SAFE_INTEGER
    return isSet('end_mask', axis) ? Number.MAX_SAFE_INTEGER : end
  })
  const axes = begins.map((_, axis) => axis)
  const bounds = [begins, ends, axes, strides].map(values => operation.graph.int64(values))
  const sliced = operation.graph.add('Slice', [operation.input(0), ...bounds])
  const dropped = axes.filter(axis => ((shrink >> axis) & 1) === 1)
  return [dropped.length === 0 ? sliced : operation.graph.add('Squeeze', [sliced, operation.graph.int64(dropped)])]
}

const topK: Translate = operation => {
  const k = operation.graph.add('Reshape', [operation.int64(1), operation.graph.int64([1])])
  const [values, indices] = operation.graph.addPair('TopK', [operation.input(0), k], {
    axis: -1,
    largest: 1,
    sorted: 1,
  })
  return [values, operation.graph.add('Cast', [indices], { to: ELEMENT.int32 })]
}

/** TensorFlow rounds towards minus infinity, ONNX's integer Div towards zero; its integer Mod follows the divisor's sign. */
const floorDivide: Translate = operation => {
  const { graph } = operation
  const [left, right] = [operation.input(0), operation.input(1)]
  if (operation.type('T') !== 'DT_INT32') return [graph.add('Floor', [graph.add('Div', [left, right])])]
  return [graph.add('Div', [graph.add('Sub', [left, graph.add('Mod', [left, right])]), right])]
}

const floorModulo: Translate = operation => {
  if (operation.type('T') !== 'DT_INT32') throw operation.missing(` of ${operation.type('T')}`)
  return same('Mod')(operation)
}

const cast: Translate = operation => {
  const to = CASTS[operation.type('DstT')]
  if (to === undefined) throw operation.missing(` to ${operation.type('DstT')}`)
  return [operation.graph.add('Cast', [operation.input(0)], { to })]
}

const concat: Translate = operation => {
  const last = operation.inputs.length - 1
  const parts = operation.inputs.slice(0, last).map((_, index) => operation.input(index))
  return [operation.graph.add('Concat', parts, { axis: operation.integers(last)[0] ?? 0 })]
}

const gather: Translate = operation => {
  if (operation.integer('batch_dims') !== 0) throw operation.missing(' with batch_dims')
  const axis = operation.integers(2)[0] ?? 0
  return [operation.graph.add('Gather', [operation.input(0), operation.input(1)], { axis })]
}

const maxPool: Translate = operation => {
  const output = operation.graph.add('MaxPool', [operation.channelsFirst(0)], {
    ...window(operation),
    kernel_shape: operation.spatial('ksize'),
  })
  return [operation.channelsLast(output)]
}

/** TensorFlow operations the converter knows. */
export const OPERATIONS: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  ['Add', same('Add')],
  ['AddV2', same('Add')],
  ['Cast', cast],
  ['ConcatV2', concat],
  ['Conv2D', convolution(false)],
  ['DepthwiseConv2dNative', convolution(true)],
  ['Equal', same('Equal')],
  ['ExpandDims', o => [o.graph.add('Unsqueeze', [o.input(0), o.graph.int64(o.integers(1))])]],
  ['FloorDiv', floorDivide],
  ['FloorMod', floorModulo],
  ['FusedDepthwiseConv2dNative', convolution(true)],
  ['GatherV2', gather],
  ['Identity', o => [o.input(0)]],
  ['MaxPool', maxPool],
  [
    'Mean',
    o => [
      o.graph.add('ReduceMean', [o.input(0), o.graph.int64(o.integers(1))], { keepdims: Number(o.flag('keep_dims')) }),
    ],
  ],
  ['Mul', same('Mul')],
  ['Relu', same('Relu')],
  ['Relu6', o => [relu6(o, o.input(0))]],
  ['Reshape', reshape],
  ['ResizeBilinear', resizeBilinear],
  ['Sigmoid', same('Sigmoid')],
  ['StridedSlice', stridedSlice],
  ['Sub', same('Sub')],
  ['TopKV2', topK],
  ['_FusedConv2D', convolution(false)],
  ...SEQUENCE_OPERATIONS,
])
