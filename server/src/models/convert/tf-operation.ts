import type { TfNode } from './graph-json.js'
import type { OnnxGraph } from './onnx-graph.js'
import { ELEMENT } from './onnx-schema.js'
import type { Weight } from './weights.js'

/** Numbers of tensorflow/core/framework/types.proto, which some exporters write instead of the names. */
const TYPES: Readonly<Record<number, string>> = { 1: 'DT_FLOAT', 3: 'DT_INT32', 9: 'DT_INT64', 10: 'DT_BOOL' }

/** The name of an element type. */
export function typeName(type: string | number = ''): string {
  return typeof type === 'string' ? type : (TYPES[type] ?? `type ${type}`)
}

/** What an operation's translation may ask of its surroundings. */
export interface OperationContext {
  readonly graph: OnnxGraph
  /** ONNX tensor of a TensorFlow tensor name, laid out as in TensorFlow. */
  tensor(name: string): string
  /** The same in NCHW; the tensor must be of rank 4 and NHWC. */
  channelsFirst(name: string): string
  /** Takes an NCHW tensor and returns it in NHWC. */
  channelsLast(name: string): string
  weight(name: string): Weight
  isConstant(name: string): boolean
}

/** One node of the TensorFlow graph with typed access to its inputs and attributes; every fault names the node. */
export class TfOperation {
  readonly inputs: readonly string[]
  readonly #node: TfNode
  readonly #context: OperationContext

  constructor(node: TfNode, context: OperationContext) {
    this.#node = node
    this.#context = context
    // A leading ^ marks a control edge, which carries order and no data.
    this.inputs = (node.input ?? []).filter(name => !name.startsWith('^'))
  }

  get graph(): OnnxGraph {
    return this.#context.graph
  }

  /** A fault in words: what the converter lacks, with the operation and the node. */
  missing(what: string): Error {
    return new Error(`the converter does not know ${this.#node.op}${what} (node ${this.#node.name})`)
  }

  input(index: number): string {
    return this.#context.tensor(this.#inputName(index))
  }

  channelsFirst(index: number): string {
    return this.#context.channelsFirst(this.#inputName(index))
  }

  channelsLast(name: string): string {
    return this.#context.channelsLast(name)
  }

  weight(index: number): Weight {
    return this.#context.weight(this.#inputName(index))
  }

  isConstant(index: number): boolean {
    return this.#context.isConstant(this.#inputName(index))
  }

  /** Input that must be a constant, as integers. */
  integers(index: number): number[] {
    return Array.from(this.weight(index).data)
  }

  /** Input as int64, which ONNX wants for shapes and axes. */
  int64(index: number): string {
    return this.graph.add('Cast', [this.input(index)], { to: ELEMENT.int64 })
  }

  flag(name: string): boolean {
    return this.#node.attr?.[name]?.b ?? false
  }

  integer(name: string): number {
    return Number(this.#node.attr?.[name]?.i ?? 0)
  }

  type(name: string): string {
    return typeName(this.#node.attr?.[name]?.type)
  }

  string(name: string): string {
    return decode(this.#node.attr?.[name]?.s ?? '')
  }

  strings(name: string): string[] {
    return (this.#node.attr?.[name]?.list?.s ?? []).map(decode)
  }

  integerList(name: string): number[] {
    return (this.#node.attr?.[name]?.list?.i ?? []).map(Number)
  }

  /** Height and width of a list attribute given as N, H, W, C. */
  spatial(name: string): readonly [number, number] {
    const list = this.#node.attr?.[name]?.list?.i ?? [1, 1, 1, 1]
    const [batch = 1, height = 1, width = 1, channels = 1] = list.map(Number)
    if (list.length !== 4 || batch !== 1 || channels !== 1) throw this.missing(` with ${name} [${list}]`)
    return [height, width]
  }

  #inputName(index: number): string {
    const name = this.inputs[index]
    if (name === undefined) throw new Error(`${this.#node.op} ${this.#node.name} has no input ${index}`)
    return name
  }
}

/** Text is stored in base64, or as an array of its bytes. */
function decode(stored: string | readonly number[]): string {
  return (typeof stored === 'string' ? Buffer.from(stored, 'base64') : Buffer.from(stored)).toString('utf8')
}
