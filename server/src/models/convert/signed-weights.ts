import { decodeGraph, ELEMENT, encodeTensor, FIELD, type StoredTensor } from './onnx-schema.js'
import { joinFields, readFields, stringField, wireField } from './wire.js'

/**
 * Makes the weights of `MatMulInteger` nodes signed: `w - 128` with the zero point `z - 128`, which multiplies the same.
 * ONNX Runtime has kernels for unsigned inputs with signed weights that use VNNI and AMX; they take a fifth of the time.
 * Everything else is copied byte for byte.
 */
export function withSignedWeights(model: Uint8Array): Uint8Array {
  const graph = decodeGraph(model)
  const users = graph.node.filter(node => node.opType === 'MatMulInteger')
  const names = new Set(users.flatMap(({ input }) => [input[1] ?? '', input[3] ?? '']))
  const tensors = new Map(graph.initializer.filter(({ name }) => names.has(name)).map(tensor => [tensor.name, tensor]))
  return rewrite(model, FIELD.model.graph, stored =>
    rewrite(stored, FIELD.graph.initializer, payload => {
      const tensor = tensors.get(stringField(readFields(payload), FIELD.tensor.name) ?? '')
      return tensor?.dataType === ELEMENT.uint8 ? signed(tensor) : payload
    }),
  )
}

function signed({ name, dims, rawData, int32Data }: StoredTensor): Uint8Array {
  const bytes = rawData.length > 0 ? rawData : Uint8Array.from(int32Data)
  // Flipping the top bit subtracts 128.
  return encodeTensor({ name, dims: dims.map(Number), dataType: ELEMENT.int8, rawData: bytes.map(byte => byte ^ 0x80) })
}

/** Rewrites each field of one number. */
function rewrite(message: Uint8Array, number: number, change: (payload: Uint8Array) => Uint8Array): Uint8Array {
  return joinFields(
    readFields(message).map(field =>
      field.number === number && field.payload ? wireField(number, change(field.payload)) : field,
    ),
  )
}
