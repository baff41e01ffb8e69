import { onnxNode } from './onnx-graph.js'
import { ELEMENT, encodeNode, encodeValue, FIELD } from './onnx-schema.js'
import { joinFields, readFields, stringField, type WireField, wireField } from './wire.js'

/** Output added to the decoder: f32 [1, layers x heads, tokens, frames], what each head of each layer looked at. */
export const CROSS_ATTENTIONS = 'cross_attentions'

const SOFTMAX_OF_CROSS_ATTENTION = /\/encoder_attn\/Softmax$/

/**
 * Adds the cross-attentions of a merged decoder (one `If`: first step or step with cache) as one more output. The file
 * is rewritten field by field on the wire and everything else is copied byte for byte, so nothing that this program
 * does not know of can be lost.
 */
export function addCrossAttentionOutput(decoder: Uint8Array): Uint8Array {
  return rewrite(decoder, FIELD.model.graph, graph => {
    const extended = rewrite(graph, FIELD.graph.node, extendIf)
    if (extended.length === graph.length) throw new Error('the decoder is not a merged one: it has no If')
    return joinFields([...readFields(extended), wireField(FIELD.graph.output, valueInfo(CROSS_ATTENTIONS))])
  })
}

/** Rewrites each field of one number; `change` returns undefined to leave it as it is. */
function rewrite(
  message: Uint8Array,
  number: number,
  change: (payload: Uint8Array) => Uint8Array | undefined,
): Uint8Array {
  return joinFields(
    readFields(message).map(field => {
      const changed = field.number === number && field.payload ? change(field.payload) : undefined
      return changed ? wireField(number, changed) : field
    }),
  )
}

function valueInfo(name: string): Uint8Array {
  return encodeValue({ name, element: ELEMENT.float, dims: ['batch_size', 'heads', 'tokens', 'frames'] })
}

function extendIf(node: Uint8Array): Uint8Array | undefined {
  const fields = readFields(node)
  if (stringField(fields, FIELD.node.opType) !== 'If') return undefined
  const branches = rewrite(node, FIELD.node.attribute, attribute =>
    rewrite(attribute, FIELD.attribute.graph, extendBranch),
  )
  return joinFields([...readFields(branches), wireField(FIELD.node.output, new TextEncoder().encode(CROSS_ATTENTIONS))])
}

function extendBranch(graph: Uint8Array): Uint8Array {
  const fields = readFields(graph)
  const attentions = fields.flatMap(crossAttentionOutput)
  if (attentions.length === 0) throw new Error('a branch of the decoder has no cross-attention')
  // Both branches name their own output; the If gives its output by position.
  const concat = onnxNode('Concat', { input: attentions, output: [CROSS_ATTENTIONS] }, { axis: 1 })
  return joinFields([
    ...fields,
    wireField(FIELD.graph.node, encodeNode(concat)),
    wireField(FIELD.graph.output, valueInfo(CROSS_ATTENTIONS)),
  ])
}

function crossAttentionOutput(field: WireField): string[] {
  if (field.number !== FIELD.graph.node || !field.payload) return []
  const node = readFields(field.payload)
  if (!SOFTMAX_OF_CROSS_ATTENTION.test(stringField(node, FIELD.node.name) ?? '')) return []
  return [stringField(node, FIELD.node.output) ?? '']
}
