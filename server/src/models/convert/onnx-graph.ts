import type { Element, OnnxAttribute, OnnxNode, OnnxTensor } from './onnx-schema.js'
import { ELEMENT } from './onnx-schema.js'

/** Value of a node attribute: an integer, a list of integers, a string, or a float. */
export type AttributeValue = number | string | readonly number[] | { readonly float: number }

// AttributeProto.AttributeType of the ONNX specification.
const FLOAT = 1
const INT = 2
const STRING = 3
const INTS = 7

/** Operators of ONNX Runtime's own set, described in its docs/ContribOperators.md. */
export const CONTRIB_DOMAIN = 'com.microsoft'
const CONTRIB_OPERATORS: ReadonlySet<string> = new Set(['MatMulNBits', 'MultiHeadAttention', 'RotaryEmbedding'])

function attribute(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'number') return { name, type: INT, i: value }
  if (typeof value === 'string') return { name, type: STRING, s: new TextEncoder().encode(value) }
  if ('float' in value) return { name, type: FLOAT, f: value.float }
  return { name, type: INTS, ints: value }
}

/** Makes one node of an ONNX graph; the node bears the name of its first output. */
export function onnxNode(
  opType: string,
  wiring: { readonly input: readonly string[]; readonly output: readonly string[] },
  attributes: Readonly<Record<string, AttributeValue>> = {},
): OnnxNode {
  return {
    name: wiring.output[0] ?? opType,
    opType,
    ...(CONTRIB_OPERATORS.has(opType) && { domain: CONTRIB_DOMAIN }),
    ...wiring,
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  }
}

/** Collects the nodes and initializers of a graph under construction and hands out tensor names. */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = []
  readonly initializers: OnnxTensor[] = []
  readonly #int64Names = new Map<string, string>()
  #count = 0

  /** Adds a node with one output and returns that output's name. */
  add(opType: string, input: readonly string[], attributes?: Readonly<Record<string, AttributeValue>>): string {
    const output = this.#name(opType)
    this.nodes.push(onnxNode(opType, { input, output: [output] }, attributes))
    return output
  }

  /** Adds a node with two outputs and returns their names. */
  addPair(
    opType: string,
    input: readonly string[],
    attributes?: Readonly<Record<string, AttributeValue>>,
  ): readonly [string, string] {
    const output = [this.#name(opType), this.#name(opType)] as const
    this.nodes.push(onnxNode(opType, { input, output }, attributes))
    return output
  }

  /** Adds a node with this many outputs and returns their names. */
  addSeveral(
    opType: string,
    input: readonly string[],
    {
      outputs,
      attributes,
    }: { readonly outputs: number; readonly attributes: Readonly<Record<string, AttributeValue>> },
  ): readonly string[] {
    const output = Array.from({ length: outputs }, () => this.#name(opType))
    this.nodes.push(onnxNode(opType, { input, output }, attributes))
    return output
  }

  /** Adds a node whose outputs bear the names given. */
  addNamed(
    opType: string,
    wiring: { readonly input: readonly string[]; readonly output: readonly string[] },
    attributes?: Readonly<Record<string, AttributeValue>>,
  ): void {
    this.nodes.push(onnxNode(opType, wiring, attributes))
  }

  /** Adds an initializer and returns its name. */
  constant(dataType: Element, dims: readonly number[], data: ArrayBufferView): string {
    const name = this.#name('constant')
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    this.initializers.push({ name, dataType, dims, rawData })
    return name
  }

  /** A one-dimensional int64 initializer; equal ones are shared. */
  int64(values: readonly number[]): string {
    const key = values.join()
    const known = this.#int64Names.get(key)
    if (known !== undefined) return known
    const name = this.constant(
      ELEMENT.int64,
      [values.length],
      BigInt64Array.from(values, value => BigInt(value)),
    )
    this.#int64Names.set(key, name)
    return name
  }

  float(value: number): string {
    return this.constant(ELEMENT.float, [], Float32Array.of(value))
  }

  #name(stem: string): string {
    this.#count += 1
    return `${stem}_${this.#count}`
  }
}
