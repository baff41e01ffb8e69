import type { OnnxGraph } from './onnx-graph.js'
import { ELEMENT } from './onnx-schema.js'
import type { QuantizedWeight } from './quantized-weight.js'

/**
 * A tensor of floats turned into bytes with one scale for the whole, to be multiplied with weights of bytes: what ONNX
 * Runtime's dynamic quantization writes, and runs as one `MatMulIntegerToFloat`.
 */
export class TensorQuantized {
  readonly #values: string
  readonly #scale: string
  readonly #zeroPoint: string

  constructor(
    private readonly graph: OnnxGraph,
    input: string,
  ) {
    this.#values = `${input}_quantized`
    this.#scale = `${input}_scale`
    this.#zeroPoint = `${input}_zero_point`
    const output = [this.#values, this.#scale, this.#zeroPoint]
    graph.addNamed('DynamicQuantizeLinear', { input: [input], output })
  }

  /** The product as floats; returns its name. The weight is made signed, as in `withSignedWeights`. */
  times({ inputs, outputs, values, scale, zeroPoint }: QuantizedWeight): string {
    const { graph } = this
    const signed = values.map(byte => byte ^ 0x80)
    const weight = graph.constant(ELEMENT.int8, [inputs, outputs], signed)
    const zero = graph.constant(ELEMENT.int8, [], Int8Array.of(zeroPoint - 128))
    const product = graph.add('MatMulInteger', [this.#values, weight, this.#zeroPoint, zero])
    const scales = graph.add('Mul', [this.#scale, graph.float(scale)])
    return graph.add('Mul', [graph.add('Cast', [product], { to: ELEMENT.float }), scales])
  }
}
