import { decodeGraph, ELEMENT, type StoredGraph, type StoredTensor } from './onnx-schema.js'
import type { QuantizedWeight } from './quantized-weight.js'

/** The weights of an ONNX file, constants included, found by their names or those of the nodes that use them. Every fault names what is missing. */
export class StoredWeights {
  readonly #tensors = new Map<string, StoredTensor>()
  readonly #inputs = new Map<string, readonly string[]>()

  private constructor(graph: StoredGraph) {
    this.#index(graph)
  }

  static read(file: Uint8Array): StoredWeights {
    return new StoredWeights(decodeGraph(file))
  }

  /** The values of a float32 tensor. */
  floats(name: string): Float32Array {
    const { dataType, rawData, floatData } = this.#tensor(name)
    if (dataType !== ELEMENT.float) throw new Error(`the tensor ${name} is not of float32`)
    // A copy, since the bytes in the file need not be aligned.
    return floatData.length > 0 ? Float32Array.from(floatData) : new Float32Array(new Uint8Array(rawData).buffer)
  }

  /** The weight of a `MatMulInteger` node, as ONNX Runtime's dynamic quantization writes it: one scale for the whole. */
  quantizedMatMul(node: string): QuantizedWeight {
    const values = this.#inputs.get(node)?.[1]
    if (values === undefined) throw new Error(`the model has no node ${node}`)
    return this.quantized(values.replace(/_quantized$/, ''))
  }

  /** The tensors `<name>_quantized`, `<name>_scale` and `<name>_zero_point` together. */
  quantized(name: string): QuantizedWeight {
    const { dims, rawData, dataType } = this.#tensor(`${name}_quantized`)
    const [inputs = 0, outputs = 0] = dims.map(Number)
    if (dataType !== ELEMENT.uint8 || rawData.length !== inputs * outputs) {
      throw new Error(`the weight ${name} is not a matrix of bytes`)
    }
    const [scale, ...more] = this.floats(`${name}_scale`)
    const zero = this.#tensor(`${name}_zero_point`)
    const zeroPoint = zero.int32Data[0] ?? zero.rawData[0]
    if (scale === undefined || more.length > 0 || zeroPoint === undefined) {
      throw new Error(`the weight ${name} does not have exactly one scale and one zero point`)
    }
    return { inputs, outputs, values: rawData, scale, zeroPoint }
  }

  #tensor(name: string): StoredTensor {
    const tensor = this.#tensors.get(name)
    if (!tensor) throw new Error(`the model has no tensor ${name}`)
    return tensor
  }

  #index(graph: StoredGraph): void {
    for (const tensor of graph.initializer) this.#tensors.set(tensor.name, tensor)
    for (const node of graph.node) {
      this.#inputs.set(node.name, node.input)
      for (const { g, t } of node.attribute) {
        if (g) this.#index(g)
        if (t) this.#tensors.set(node.output[0] ?? '', t)
      }
    }
  }
}
