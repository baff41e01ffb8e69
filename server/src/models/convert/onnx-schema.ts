import protobuf from 'protobufjs/light.js'

/** Element types of ONNX tensors that the converters use (TensorProto.DataType of the ONNX specification). */
export const ELEMENT = { float: 1, int32: 6, int64: 7, bool: 9 } as const
export type Element = (typeof ELEMENT)[keyof typeof ELEMENT]

/** Field numbers of the ONNX messages that are rewritten on the wire. */
export const FIELD = {
  model: { graph: 7 },
  graph: { node: 1, output: 12 },
  node: { output: 2, name: 3, opType: 4, attribute: 5 },
  attribute: { graph: 6 },
} as const

export interface OnnxAttribute {
  readonly name: string
  readonly type: number
  readonly f?: number
  readonly i?: number
  readonly s?: Uint8Array
  readonly ints?: readonly number[]
}

export interface OnnxNode {
  readonly name: string
  readonly opType: string
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly attribute: readonly OnnxAttribute[]
}

export interface OnnxTensor {
  readonly name: string
  readonly dataType: Element
  readonly dims: readonly number[]
  readonly rawData: Uint8Array
}

/** A named value with its element type; a string dimension is symbolic. */
export interface OnnxValue {
  readonly name: string
  readonly element: Element
  readonly dims?: readonly (number | string)[]
}

export interface OnnxModel {
  readonly producer: string
  readonly opset: number
  readonly graphName: string
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}

// IR version 8 is the one that ONNX 1.13 (opset 18) writes.
const IR_VERSION = 8

const root = protobuf.Root.fromJSON({
  nested: {
    Attribute: {
      fields: {
        name: { id: 1, type: 'string' },
        f: { id: 2, type: 'float' },
        i: { id: 3, type: 'int64' },
        s: { id: 4, type: 'bytes' },
        ints: { id: 8, type: 'int64', rule: 'repeated' },
        type: { id: 20, type: 'int32' },
      },
    },
    Node: {
      fields: {
        input: { id: 1, type: 'string', rule: 'repeated' },
        output: { id: FIELD.node.output, type: 'string', rule: 'repeated' },
        name: { id: FIELD.node.name, type: 'string' },
        opType: { id: FIELD.node.opType, type: 'string' },
        attribute: { id: FIELD.node.attribute, type: 'Attribute', rule: 'repeated' },
      },
    },
    Tensor: {
      fields: {
        dims: { id: 1, type: 'int64', rule: 'repeated' },
        dataType: { id: 2, type: 'int32' },
        name: { id: 8, type: 'string' },
        rawData: { id: 9, type: 'bytes' },
      },
    },
    Dimension: { fields: { dimValue: { id: 1, type: 'int64' }, dimParam: { id: 2, type: 'string' } } },
    Shape: { fields: { dim: { id: 1, type: 'Dimension', rule: 'repeated' } } },
    TensorType: { fields: { elemType: { id: 1, type: 'int32' }, shape: { id: 2, type: 'Shape' } } },
    Type: { fields: { tensorType: { id: 1, type: 'TensorType' } } },
    Value: { fields: { name: { id: 1, type: 'string' }, type: { id: 2, type: 'Type' } } },
    Graph: {
      fields: {
        node: { id: FIELD.graph.node, type: 'Node', rule: 'repeated' },
        name: { id: 2, type: 'string' },
        initializer: { id: 5, type: 'Tensor', rule: 'repeated' },
        input: { id: 11, type: 'Value', rule: 'repeated' },
        output: { id: FIELD.graph.output, type: 'Value', rule: 'repeated' },
      },
    },
    OperatorSet: { fields: { domain: { id: 1, type: 'string' }, version: { id: 2, type: 'int64' } } },
    Model: {
      fields: {
        irVersion: { id: 1, type: 'int64' },
        producerName: { id: 2, type: 'string' },
        graph: { id: FIELD.model.graph, type: 'Graph' },
        opsetImport: { id: 8, type: 'OperatorSet', rule: 'repeated' },
      },
    },
  },
})

function encode(type: string, message: object): Uint8Array {
  return root.lookupType(type).encode(message).finish()
}

function valueMessage(value: OnnxValue): object {
  const dim = value.dims?.map(size => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name: value.name, type: { tensorType: { elemType: value.element, ...(dim && { shape: { dim } }) } } }
}

export function encodeNode(node: OnnxNode): Uint8Array {
  return encode('Node', node)
}

export function encodeValue(value: OnnxValue): Uint8Array {
  return encode('Value', valueMessage(value))
}

export function encodeModel(model: OnnxModel): Uint8Array {
  return encode('Model', {
    irVersion: IR_VERSION,
    producerName: model.producer,
    opsetImport: [{ domain: '', version: model.opset }],
    graph: {
      name: model.graphName,
      node: model.nodes,
      initializer: model.initializers,
      input: model.inputs.map(valueMessage),
      output: model.outputs.map(valueMessage),
    },
  })
}
