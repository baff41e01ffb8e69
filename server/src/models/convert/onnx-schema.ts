import protobuf from 'protobufjs/light.js'

/** Element types of ONNX tensors that the converters use (TensorProto.DataType of the ONNX specification). */
export const ELEMENT = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const
export type Element = (typeof ELEMENT)[keyof typeof ELEMENT]

/** Field numbers of the ONNX messages that are rewritten on the wire. */
export const FIELD = { model: { graph: 7 }, graph: { initializer: 5 }, tensor: { name: 8 } } as const

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
  /** The operator set; ONNX's own unless given. */
  readonly domain?: string
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
  /** Version of each operator set used, by domain; '' is ONNX's own. */
  readonly opsets: Readonly<Record<string, number>>
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
        t: { id: 5, type: 'Tensor' },
        g: { id: 6, type: 'Graph' },
        ints: { id: 8, type: 'int64', rule: 'repeated' },
        type: { id: 20, type: 'int32' },
      },
    },
    Node: {
      fields: {
        input: { id: 1, type: 'string', rule: 'repeated' },
        output: { id: 2, type: 'string', rule: 'repeated' },
        name: { id: 3, type: 'string' },
        opType: { id: 4, type: 'string' },
        attribute: { id: 5, type: 'Attribute', rule: 'repeated' },
        domain: { id: 7, type: 'string' },
      },
    },
    Tensor: {
      fields: {
        dims: { id: 1, type: 'int64', rule: 'repeated' },
        dataType: { id: 2, type: 'int32' },
        floatData: { id: 4, type: 'float', rule: 'repeated' },
        int32Data: { id: 5, type: 'int32', rule: 'repeated' },
        name: { id: FIELD.tensor.name, type: 'string' },
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
        node: { id: 1, type: 'Node', rule: 'repeated' },
        name: { id: 2, type: 'string' },
        initializer: { id: FIELD.graph.initializer, type: 'Tensor', rule: 'repeated' },
        input: { id: 11, type: 'Value', rule: 'repeated' },
        output: { id: 12, type: 'Value', rule: 'repeated' },
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

export function encodeTensor(tensor: OnnxTensor): Uint8Array {
  return encode('Tensor', tensor)
}

export function encodeModel(model: OnnxModel): Uint8Array {
  return encode('Model', {
    irVersion: IR_VERSION,
    producerName: model.producer,
    opsetImport: Object.entries(model.opsets).map(([domain, version]) => ({ domain, version })),
    graph: {
      name: model.graphName,
      node: model.nodes,
      initializer: model.initializers,
      input: model.inputs.map(valueMessage),
      output: model.outputs.map(valueMessage),
    },
  })
}

/** A tensor as it is stored: its values in one of three fields, by writer and element type. */
export interface StoredTensor {
  readonly name: string
  readonly dataType: number
  readonly dims: readonly (number | { toNumber(): number })[]
  readonly rawData: Uint8Array
  readonly floatData: readonly number[]
  readonly int32Data: readonly number[]
}

/** A graph as it is stored, with the graphs inside its nodes (`If`, `Loop`). */
export interface StoredGraph {
  readonly node: readonly (Pick<OnnxNode, 'name' | 'opType' | 'input' | 'output'> & {
    readonly attribute: readonly { readonly g?: StoredGraph | null; readonly t?: StoredTensor | null }[]
  })[]
  readonly initializer: readonly StoredTensor[]
}

/** Reads the graph of an ONNX file; throws where the bytes are not protobuf. Tensors are views of `file`. */
export function decodeGraph(file: Uint8Array): StoredGraph {
  const model = root.lookupType('Model').decode(file) as unknown as { readonly graph?: StoredGraph | null }
  if (!model.graph) throw new Error('the ONNX file has no graph')
  return model.graph
}
