import {
  CROSS_ATTENTIONS,
  cacheNames,
  HEAD_SIZE,
  HEADS,
  LAYERS,
  MAX_POSITIONS,
  ROTARY_BASE,
  ROTARY_SIZE,
  WIDTH,
} from './moonshine-shape.js'
import { CONTRIB_DOMAIN, OnnxGraph } from './onnx-graph.js'
import { ELEMENT, encodeModel, type OnnxValue } from './onnx-schema.js'
import { addMatMul, addMatMulOf, BLOCK } from './row-quantized-matmul.js'
import type { StoredWeights } from './stored-weights.js'

const LOGITS_NAME = 'model.decoder.embed_tokens.weight_merged_0'

/**
 * The model of one decoding step, for a batch of spans that do not influence each other: in go the last token of each,
 * int64 [batch, 1], their common position, the caches, and a mask, f32 [batch, 1, 1, frames], of 0 for frames and a large
 * negative number for padding; out come the next token, int64 [batch, 1], its probability, f32 [batch, 1], the grown
 * caches and the cross-attentions.
 *
 * The published decoder is written anew with its weights: it turns the whole embedding table into floats at each step,
 * quantizes all rows of a batch together, and knows no mask. The arithmetic is that of transformers' modeling_moonshine.py.
 */
export function buildStepModel(weights: StoredWeights): Uint8Array {
  return new StepModel(weights).build()
}

class StepModel {
  readonly #graph = new OnnxGraph()
  readonly #inputs: OnnxValue[] = [
    { name: 'input_ids', element: ELEMENT.int64, dims: ['batch', 1] },
    { name: 'position', element: ELEMENT.int64, dims: [1] },
    { name: 'frame_mask', element: ELEMENT.float, dims: ['batch', 1, 1, 'frames'] },
  ]
  readonly #outputs: OnnxValue[] = [
    { name: 'token', element: ELEMENT.int64, dims: ['batch', 1] },
    { name: 'probability', element: ELEMENT.float, dims: ['batch', 1] },
    { name: CROSS_ATTENTIONS, element: ELEMENT.float, dims: ['batch', LAYERS * HEADS, 1, 'frames'] },
  ]

  constructor(private readonly weights: StoredWeights) {}

  build(): Uint8Array {
    const graph = this.#graph
    const table = this.weights.quantized(LOGITS_NAME)
    const vocabulary = table.inputs
    // One table serves both ends: rows are looked up in it, and multiplied with it.
    const values = graph.constant(ELEMENT.uint8, [vocabulary, WIDTH / BLOCK, BLOCK], table.values)
    const rows = graph.add('Reshape', [graph.add('Gather', [values, 'input_ids']), graph.int64([0, 1, WIDTH])])
    const zeroPoint = graph.constant(ELEMENT.uint8, [], Uint8Array.of(table.zeroPoint))
    let states = graph.add('DequantizeLinear', [rows, graph.float(table.scale), zeroPoint])
    const rotation = this.#rotation()
    const attentions: string[] = []
    for (let layer = 0; layer < LAYERS; layer += 1) {
      const own = this.#selfAttention(layer, this.#norm(states, `layers.${layer}.input_layernorm`), rotation)
      states = graph.add('Add', [states, own])
      const cross = this.#crossAttention(layer, this.#norm(states, `layers.${layer}.post_attention_layernorm`))
      attentions.push(cross.attention)
      states = graph.add('Add', [states, cross.output])
      const output = this.#feedForward(layer, this.#norm(states, `layers.${layer}.final_layernorm`))
      states = graph.add('Add', [states, output])
    }
    graph.addNamed('Concat', { input: attentions, output: [CROSS_ATTENTIONS] }, { axis: 1 })
    const logits = addMatMulOf(graph, this.#norm(states, 'norm'), {
      inputs: WIDTH,
      outputs: vocabulary,
      values,
      weights: [{ ...table, outputs: vocabulary }],
    })
    graph.addNamed('ArgMax', { input: [logits], output: ['token'] }, { axis: -1, keepdims: 0 })
    const probabilities = graph.add('Softmax', [logits], { axis: -1 })
    graph.addNamed('ReduceMax', { input: [probabilities], output: ['probability'] }, { axes: [2], keepdims: 0 })
    return encodeModel({
      producer: 'cuewire',
      opsets: { '': 17, [CONTRIB_DOMAIN]: 1 },
      graphName: 'moonshine-step',
      nodes: graph.nodes,
      initializers: graph.initializers,
      inputs: this.#inputs,
      outputs: this.#outputs,
    })
  }

  #selfAttention(layer: number, input: string, rotation: readonly string[]): string {
    const graph = this.#graph
    const { pastKey, pastValue, presentKey, presentValue } = cacheNames(layer)
    const cache = ['batch', HEADS, 'past', HEAD_SIZE]
    const grown = ['batch', HEADS, 'present', HEAD_SIZE]
    this.#inputs.push(
      { name: pastKey, element: ELEMENT.float, dims: cache },
      { name: pastValue, element: ELEMENT.float, dims: cache },
    )
    this.#outputs.push(
      { name: presentKey, element: ELEMENT.float, dims: grown },
      { name: presentValue, element: ELEMENT.float, dims: grown },
    )
    const parts = ['q_proj', 'k_proj', 'v_proj'].map(part => this.#weight(layer, `self_attn/${part}`))
    const [query = '', key = '', value = ''] = this.#split(addMatMul(graph, input, parts), parts.length)
    const rotated = (name: string) =>
      graph.add('RotaryEmbedding', [name, 'position', ...rotation], {
        interleaved: 1,
        num_heads: HEADS,
        rotary_embedding_dim: ROTARY_SIZE,
      })
    const attended = `self_attention.${layer}`
    graph.addNamed(
      'MultiHeadAttention',
      {
        input: [rotated(query), rotated(key), value, '', '', '', pastKey, pastValue],
        output: [attended, presentKey, presentValue],
      },
      { num_heads: HEADS },
    )
    return addMatMul(graph, attended, [this.#weight(layer, 'self_attn/dense')])
  }

  #crossAttention(layer: number, input: string): { readonly output: string; readonly attention: string } {
    const graph = this.#graph
    const { crossKey, crossValue } = cacheNames(layer)
    this.#inputs.push(
      { name: crossKey, element: ELEMENT.float, dims: ['batch', HEADS, HEAD_SIZE, 'frames'] },
      { name: crossValue, element: ELEMENT.float, dims: ['batch', HEADS, 'frames', HEAD_SIZE] },
    )
    const query = addMatMul(graph, input, [this.#weight(layer, 'encoder_attn/q_proj')])
    // There is one token, so the heads lie side by side without a transposition.
    const heads = graph.add('Reshape', [query, graph.int64([0, HEADS, 1, HEAD_SIZE])])
    const scores = graph.add('Add', [graph.add('MatMul', [heads, crossKey]), 'frame_mask'])
    const attention = graph.add('Softmax', [scores], { axis: -1 })
    const found = graph.add('MatMul', [attention, crossValue])
    const joined = graph.add('Reshape', [found, graph.int64([0, 1, WIDTH])])
    return { output: addMatMul(graph, joined, [this.#weight(layer, 'encoder_attn/dense')]), attention }
  }

  /** SwiGLU: the second half of the wide layer, through SiLU, gates the first. */
  #feedForward(layer: number, input: string): string {
    const graph = this.#graph
    const dense = (part: string, from: string) => {
      const weight = this.#weight(layer, `mlp/${part}`)
      return graph.add('Add', [addMatMul(graph, from, [weight]), this.#floats(`layers.${layer}.mlp.${part}.bias`)])
    }
    const [wide = '', gate = ''] = this.#split(dense('up_proj', input), 2)
    const opened = graph.add('Mul', [gate, graph.add('Sigmoid', [gate])])
    return dense('down_proj', graph.add('Mul', [opened, wide]))
  }

  #norm(input: string, name: string): string {
    return this.#graph.add('LayerNormalization', [input, this.#floats(`${name}.weight`)], { axis: -1 })
  }

  #split(input: string, count: number): readonly string[] {
    const parts = Array.from({ length: count }, (_, part) => `${input}.${part}`)
    this.#graph.addNamed('Split', { input: [input], output: parts }, { axis: -1 })
    return parts
  }

  /** Cosines and sines of every position, f32 [positions, 16] each. */
  #rotation(): readonly string[] {
    const half = ROTARY_SIZE / 2
    const angles = Array.from({ length: MAX_POSITIONS * half }, (_, index) => {
      return Math.floor(index / half) * ROTARY_BASE ** (-(index % half) / half)
    })
    return [Math.cos, Math.sin].map(wave =>
      this.#graph.constant(ELEMENT.float, [MAX_POSITIONS, half], Float32Array.from(angles, wave)),
    )
  }

  #floats(name: string): string {
    const values = this.weights.floats(`model.decoder.${name}_merged_0`)
    return this.#graph.constant(ELEMENT.float, [values.length], values)
  }

  #weight(layer: number, part: string) {
    return this.weights.quantizedMatMul(`/model/decoder/layers.${layer}/${part}/MatMul_quant`)
  }
}
