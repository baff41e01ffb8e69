import { type GraphJson, parseGraphJson, type TfNode } from './graph-json.js'
import { withHardSigmoid } from './hard-swish.js'
import { OnnxGraph } from './onnx-graph.js'
import { ELEMENT, type Element, encodeModel, type OnnxValue } from './onnx-schema.js'
import { OPERATIONS } from './operations.js'
import { type OperationContext, TfOperation, typeName } from './tf-operation.js'
import { decodeWeights, type Weight } from './weights.js'

// ReduceMean takes its axes as an input, and Resize has `axes`, from opset 18 on.
const OPSET = 18
/** Axis of the height in NHWC. */
const HEIGHT = 1

/**
 * Translates a TensorFlow.js graph model to ONNX, keeping tensor layouts (NHWC) and the names of inputs and outputs. A
 * picture may have any height that the strides divide: the graphs known here reckon with the width alone, and each of
 * their resizings doubles.
 */
export function convertGraphModel(model: {
  /** The model's JSON file. */
  readonly json: string
  /** The model's one weights file. */
  readonly weights: Uint8Array
  /** Names of the nodes to compute; what they do not need is left out. */
  readonly outputs: readonly string[]
}): Uint8Array {
  const parsed = parseGraphJson(model.json)
  const entries = parsed.weightsManifest.flatMap(group => group.weights)
  const context = new ConversionContext(parsed.modelTopology.node, decodeWeights(entries, model.weights))
  for (const node of inOrder(parsed.modelTopology.node, model.outputs)) context.translate(node)
  const outputs = model.outputs.map((name): OnnxValue => {
    context.nameOutput(name)
    return { name, element: ELEMENT.float }
  })
  const { nodes, initializers } = withHardSigmoid(context.graph, model.outputs)
  return encodeModel({
    producer: 'cuewire',
    opsets: { '': OPSET },
    graphName: 'graph-model',
    nodes,
    initializers,
    inputs: graphInputs(parsed),
    outputs,
  })
}

/** Element types of inputs; TensorFlow.js has no int64. */
const INPUT_ELEMENTS: Readonly<Record<string, Element>> = {
  DT_FLOAT: ELEMENT.float,
  DT_INT32: ELEMENT.int32,
  DT_INT64: ELEMENT.int32,
}

function graphInputs(parsed: GraphJson): OnnxValue[] {
  return statedInputs(parsed).map(({ name, dtype, sizes }) => {
    const element = INPUT_ELEMENTS[dtype]
    if (element === undefined) throw new Error(`the converter does not know an input of type ${dtype} (${name})`)
    const isPicture = sizes.length === 4
    const isOpen = (size: number, axis: number) => size < 0 || (isPicture && axis === HEIGHT)
    const dims = sizes.map((size, axis) => (isOpen(size, axis) ? `${name}_${axis}` : size))
    return { name, element, dims }
  })
}

interface StatedInput {
  readonly name: string
  readonly dtype: string
  readonly sizes: readonly number[]
}

/** The inputs of the signature, or the placeholders if there is none. */
function statedInputs({ signature, modelTopology }: GraphJson): StatedInput[] {
  if (signature) {
    return Object.values(signature.inputs).map(({ name, dtype = '', tensorShape }) => ({
      name,
      dtype,
      sizes: tensorShape.dim.map(({ size }) => Number(size)),
    }))
  }
  return modelTopology.node
    .filter(({ op }) => op === 'Placeholder')
    .map(({ name, attr }) => ({
      name,
      dtype: typeName(attr?.['dtype']?.type),
      sizes: (attr?.['shape']?.shape?.dim ?? []).map(({ size }) => Number(size)),
    }))
}

/** The name of a tensor's node, without the number of the output and the mark of a control edge. */
function nodeName(tensor: string): string {
  return tensor.replace(/^\^/, '').replace(/:\d+$/, '')
}

/** The nodes that the outputs need, each after its inputs. */
function inOrder(nodes: readonly TfNode[], outputs: readonly string[]): TfNode[] {
  const byName = new Map(nodes.map(node => [node.name, node]))
  const done = new Set<string>()
  const order: TfNode[] = []
  // An explicit stack, since a graph may be deeper than the call stack. `entered` marks nodes whose inputs are above them.
  const stack = outputs.map(name => ({ name: nodeName(name), entered: false }))
  const open = new Set<string>()
  for (let item = stack.pop(); item; item = stack.pop()) {
    const { name, entered } = item
    if (done.has(name)) continue
    const node = byName.get(name)
    if (!node) throw new Error(`the graph has no node ${name}`)
    if (entered) {
      done.add(name)
      order.push(node)
      continue
    }
    if (open.has(name)) throw new Error(`the graph has a cycle at ${name}`)
    open.add(name)
    stack.push({ name, entered: true })
    for (const input of node.input ?? []) {
      if (!done.has(nodeName(input))) stack.push({ name: nodeName(input), entered: false })
    }
  }
  return order
}

class ConversionContext implements OperationContext {
  readonly graph = new OnnxGraph()
  readonly #weights: ReadonlyMap<string, Weight>
  readonly #constants: ReadonlySet<string>
  /** TensorFlow tensor name to ONNX tensor name. */
  readonly #tensors = new Map<string, string>()
  /** ONNX tensor in NHWC to the same in NCHW. */
  readonly #channelsFirst = new Map<string, string>()

  constructor(nodes: readonly TfNode[], weights: ReadonlyMap<string, Weight>) {
    this.#weights = weights
    this.#constants = new Set(nodes.filter(node => node.op === 'Const').map(node => node.name))
  }

  translate(node: TfNode): void {
    if (node.op === 'Const') return
    if (node.op === 'Placeholder') {
      this.#tensors.set(node.name, node.name)
      return
    }
    const operation = new TfOperation(node, this)
    const translate = OPERATIONS.get(node.op)
    if (!translate) throw operation.missing('')
    translate(operation).forEach((output, index) => {
      this.#tensors.set(index === 0 ? node.name : `${node.name}:${index}`, output)
    })
  }

  nameOutput(name: string): void {
    this.graph.nodes.push({ name, opType: 'Identity', input: [this.tensor(name)], output: [name], attribute: [] })
  }

  tensor(name: string): string {
    const key = name.replace(/:0$/, '')
    const known = this.#tensors.get(key)
    if (known !== undefined) return known
    const weight = this.weight(key)
    const constant = this.graph.constant(weight.element, weight.shape, weight.data)
    this.#tensors.set(key, constant)
    return constant
  }

  channelsFirst(name: string): string {
    const tensor = this.tensor(name)
    const known = this.#channelsFirst.get(tensor)
    if (known !== undefined) return known
    const transposed = this.graph.add('Transpose', [tensor], { perm: [0, 3, 1, 2] })
    this.#channelsFirst.set(tensor, transposed)
    return transposed
  }

  channelsLast(name: string): string {
    const tensor = this.graph.add('Transpose', [name], { perm: [0, 2, 3, 1] })
    this.#channelsFirst.set(tensor, name)
    return tensor
  }

  isConstant(name: string): boolean {
    return this.#constants.has(name)
  }

  weight(name: string): Weight {
    const weight = this.#constants.has(name) ? this.#weights.get(name) : undefined
    if (!weight) throw new Error(`the converter needs a constant where ${name} stands`)
    return weight
  }
}
