import { cacheNames, HEAD_SIZE, HEADS, LAYERS, WIDTH } from './moonshine-shape.js'
import { CONTRIB_DOMAIN, OnnxGraph } from './onnx-graph.js'
import { ELEMENT, encodeModel, type OnnxValue } from './onnx-schema.js'
import type { StoredWeights } from './stored-weights.js'
import { TensorQuantized } from './tensor-quantized.js'

/**
 * The model that turns the encoder's states of one span, f32 [1, frames, 416], into what the decoder's cross-attention
 * looks up: for each layer keys, f32 [1, 8, 52, frames] and scaled already, and values, f32 [1, 8, frames, 52].
 */
export function buildCrossModel(weights: StoredWeights): Uint8Array {
  const graph = new OnnxGraph()
  const states = new TensorQuantized(graph, 'encoder_hidden_states')
  const outputs: OnnxValue[] = []
  const shape = graph.int64([0, 0, HEADS, HEAD_SIZE])
  const scale = graph.float(1 / Math.sqrt(HEAD_SIZE))
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const { crossKey, crossValue } = cacheNames(layer)
    const project = (part: string) => {
      const weight = weights.quantizedMatMul(`/model/decoder/layers.${layer}/encoder_attn/${part}/MatMul_quant`)
      return graph.add('Reshape', [states.times(weight), shape])
    }
    const keys = graph.add('Transpose', [project('k_proj')], { perm: [0, 2, 3, 1] })
    graph.addNamed('Mul', { input: [keys, scale], output: [crossKey] })
    graph.addNamed('Transpose', { input: [project('v_proj')], output: [crossValue] }, { perm: [0, 2, 1, 3] })
    outputs.push(
      { name: crossKey, element: ELEMENT.float, dims: [1, HEADS, HEAD_SIZE, 'frames'] },
      { name: crossValue, element: ELEMENT.float, dims: [1, HEADS, 'frames', HEAD_SIZE] },
    )
  }
  return encodeModel({
    producer: 'cuewire',
    opsets: { '': 17, [CONTRIB_DOMAIN]: 1 },
    graphName: 'moonshine-cross',
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: [{ name: 'encoder_hidden_states', element: ELEMENT.float, dims: [1, 'frames', WIDTH] }],
    outputs,
  })
}
