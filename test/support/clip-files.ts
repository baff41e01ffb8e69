import { OnnxGraph } from '@cuewire/server/models/convert/onnx-graph.js'
import { ELEMENT, encodeModel, type OnnxValue } from '@cuewire/server/models/convert/onnx-schema.js'

interface TinyFile {
  readonly path: string
  readonly content: Buffer
}

/**
 * Files of the shapes and names of CLIP's, without its weights. A picture becomes the mean of each colour, and a text the sum,
 * the highest and the last of its token numbers.
 */
export function tinyClipFiles(): TinyFile[] {
  return [
    { path: 'onnx/vision_model_quantized.onnx', content: Buffer.from(imageEncoder()) },
    { path: 'onnx/text_model_quantized.onnx', content: Buffer.from(textEncoder()) },
    { path: 'tokenizer.json', content: Buffer.from(JSON.stringify(TOKENIZER)) },
  ]
}

function imageEncoder(): Uint8Array {
  const graph = new OnnxGraph()
  graph.addNamed('ReduceMean', { input: ['pixel_values'], output: ['image_embeds'] }, { axes: [2, 3], keepdims: 0 })
  const pixels: OnnxValue = { name: 'pixel_values', element: ELEMENT.float, dims: ['batch', 3, 224, 224] }
  return model(graph, pixels, { name: 'image_embeds', element: ELEMENT.float, dims: ['batch', 3] })
}

function textEncoder(): Uint8Array {
  const graph = new OnnxGraph()
  const numbers = graph.add('Cast', ['input_ids'], { to: ELEMENT.float })
  const sum = graph.add('ReduceSum', [numbers, graph.int64([1])], { keepdims: 1 })
  const highest = graph.add('ReduceMax', [numbers], { axes: [1], keepdims: 1 })
  const last = graph.add('Slice', [numbers, graph.int64([-1]), graph.int64([1000]), graph.int64([1])])
  graph.addNamed('Concat', { input: [sum, highest, last], output: ['text_embeds'] }, { axis: 1 })
  const ids: OnnxValue = { name: 'input_ids', element: ELEMENT.int64, dims: ['batch', 'tokens'] }
  return model(graph, ids, { name: 'text_embeds', element: ELEMENT.float, dims: ['batch', 3] })
}

function model(graph: OnnxGraph, input: OnnxValue, output: OnnxValue): Uint8Array {
  const { nodes, initializers } = graph
  const opsets = { '': 17 }
  return encodeModel({
    ...{ producer: 'cuewire-test', opsets, graphName: 'tiny-clip', nodes, initializers },
    ...{ inputs: [input], outputs: [output] },
  })
}

/** Laid out as CLIP's, with a vocabulary of one word. */
const TOKENIZER = {
  version: '1.0',
  added_tokens: [
    {
      id: 12,
      content: '<|startoftext|>',
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: true,
      special: true,
    },
    {
      id: 13,
      content: '<|endoftext|>',
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    },
  ],
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'NFC' },
      { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
      { type: 'Lowercase' },
    ],
  },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      {
        type: 'Split',
        pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
        behavior: 'Removed',
        invert: true,
      },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
    ],
  },
  post_processor: {
    type: 'RobertaProcessing',
    sep: ['<|endoftext|>', 13],
    cls: ['<|startoftext|>', 12],
    trim_offsets: false,
    add_prefix_space: false,
  },
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: '<|endoftext|>',
    continuing_subword_prefix: '',
    end_of_word_suffix: '</w>',
    fuse_unk: false,
    vocab: {
      ...{ b: 0, o: 1, a: 2, t: 3, s: 4, 't</w>': 5, 's</w>': 6, 'a</w>': 7 },
      ...{ bo: 8, 'at</w>': 9, 'boat</w>': 10, boa: 11, '<|startoftext|>': 12, '<|endoftext|>': 13 },
    },
    merges: ['b o', 'a t</w>', 'bo at</w>'],
  },
}
