import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

const Integer = Type.Union([Type.Integer(), Type.String({ pattern: '^-?\\d{1,15}$' })])
/** Base64, or the bytes themselves. */
const Bytes = Type.Union([
  Type.String({ maxLength: 1000 }),
  Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), { maxItems: 1000 }),
])
const ElementType = Type.Union([Type.String({ maxLength: 100 }), Type.Integer()])
const Dim = Type.Array(Type.Object({ size: Integer }), { maxItems: 8 })
const Dimensions = Type.Object({ dim: Type.Optional(Dim) })
const List = Type.Object({
  i: Type.Optional(Type.Array(Integer, { maxItems: 100 })),
  s: Type.Optional(Type.Array(Bytes, { maxItems: 100 })),
})
const Attribute = Type.Object({
  b: Type.Optional(Type.Boolean()),
  i: Type.Optional(Integer),
  s: Type.Optional(Bytes),
  type: Type.Optional(ElementType),
  shape: Type.Optional(Dimensions),
  list: Type.Optional(List),
})
const Name = Type.String({ minLength: 1, maxLength: 1000 })

/** One operation of a TensorFlow graph; `input` names other nodes, with `:n` for an output but the first. */
export const TfNode = Type.Object({
  name: Name,
  op: Name,
  input: Type.Optional(Type.Array(Name, { maxItems: 1000 })),
  attr: Type.Optional(Type.Record(Type.String(), Attribute)),
})
export type TfNode = Static<typeof TfNode>

/** Where a weight's values lie in the weights file, in order, and how they are stored. */
export const WeightEntry = Type.Object({
  name: Name,
  shape: Type.Array(Type.Integer({ minimum: 0, maximum: 2 ** 31 }), { maxItems: 8 }),
  dtype: Type.String(),
  quantization: Type.Optional(Type.Object({ dtype: Type.String() })),
})
export type WeightEntry = Static<typeof WeightEntry>

const Signature = Type.Object({
  inputs: Type.Record(
    Type.String(),
    Type.Object({
      name: Name,
      dtype: Type.Optional(Type.String()),
      tensorShape: Type.Object({ dim: Dim }),
    }),
  ),
})

/** The parts of a TensorFlow.js graph model's JSON that the converter reads. */
export const GraphJson = Type.Object({
  // Older exporters write neither.
  format: Type.Optional(Type.Literal('graph-model')),
  signature: Type.Optional(Signature),
  modelTopology: Type.Object({ node: Type.Array(TfNode, { maxItems: 100_000 }) }),
  weightsManifest: Type.Array(Type.Object({ weights: Type.Array(WeightEntry, { maxItems: 100_000 }) }), {
    maxItems: 1000,
  }),
})
export type GraphJson = Static<typeof GraphJson>

function check<T extends TSchema>(schema: T, value: unknown): Static<T> {
  const fault = Value.Errors(schema, value).First()
  if (fault) throw new Error(`not a TensorFlow.js graph model: ${fault.path || '/'}: ${fault.message}`)
  return value as Static<T>
}

/** Parses the JSON file of a TensorFlow.js graph model; throws with the path of the first fault. */
export function parseGraphJson(text: string): GraphJson {
  const value: unknown = JSON.parse(text)
  return check(GraphJson, value)
}
