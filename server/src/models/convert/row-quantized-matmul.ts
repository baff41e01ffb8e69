import type { OnnxGraph } from './onnx-graph.js'
import { ELEMENT } from './onnx-schema.js'
import { type QuantizedWeight, transposed } from './quantized-weight.js'

/** Inputs that share a scale in `MatMulNBits`; the widths of the model, 416 and 1,664, are multiples of it. */
export const BLOCK = 32
const BITS = 8
/** ONNX Runtime computes in int8, with a scale for each block of each row of the input. */
const INT8_ACCURACY = 4

/**
 * Multiplies rows of floats with weights of bytes, side by side where several are given; returns the output's name.
 *
 * In place of `DynamicQuantizeLinear` and `MatMulInteger`, which give all rows one scale: there a row's result
 * depends on the other rows of the batch, here it does not.
 */
export function addMatMul(graph: OnnxGraph, input: string, weights: readonly QuantizedWeight[]): string {
  const inputs = weights[0]?.inputs ?? 0
  const outputs = weights.reduce((sum, weight) => sum + weight.outputs, 0)
  const values = graph.constant(ELEMENT.uint8, [outputs, inputs / BLOCK, BLOCK], joined(weights.map(transposed)))
  return addMatMulOf(graph, input, { inputs, outputs, values, weights })
}

/** The same for weights that are in the graph already: `values` has `outputs` rows of blocks of bytes. */
export function addMatMulOf(
  graph: OnnxGraph,
  input: string,
  options: {
    readonly inputs: number
    readonly outputs: number
    readonly values: string
    readonly weights: readonly Pick<QuantizedWeight, 'outputs' | 'scale' | 'zeroPoint'>[]
  },
): string {
  const { inputs, outputs, values, weights } = options
  if (inputs % BLOCK !== 0) throw new Error(`a weight of ${inputs} inputs does not divide into blocks of ${BLOCK}`)
  const blocks = inputs / BLOCK
  const scales = new Float32Array(outputs * blocks)
  const zeroPoints = new Uint8Array(outputs * blocks)
  let start = 0
  for (const weight of weights) {
    const end = start + weight.outputs * blocks
    scales.fill(weight.scale, start, end)
    zeroPoints.fill(weight.zeroPoint, start, end)
    start = end
  }
  const constants = [
    values,
    graph.constant(ELEMENT.float, [scales.length], scales),
    graph.constant(ELEMENT.uint8, [zeroPoints.length], zeroPoints),
  ]
  return graph.add('MatMulNBits', [input, ...constants], {
    K: inputs,
    N: outputs,
    bits: BITS,
    block_size: BLOCK,
    accuracy_level: INT8_ACCURACY,
  })
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
