import type { HubPack } from '../pack.js'

/**
 * Tried here: an export of these weights of 22,928,619 bytes (SHA-256 8199be6f...) with its tokenizer, from a folder and
 * from a local server laid out as a hub. Not tried: the repository itself, since no hub can be reached from here; so
 * neither commit nor hash is pinned yet.
 */
export const sentencesMinilm: HubPack = {
  name: 'sentences-minilm-l6',
  version: '1.0.0',
  task: 'sentences',
  runtime: 'minilm',
  description: 'all-MiniLM-L6-v2, int8: English sentences to vectors of 384 numbers',
  licence: 'Apache-2.0',
  input: 'input_ids, attention_mask, token_type_ids i64[sentences,tokens], padded with 0',
  output: 'last_hidden_state f32[sentences,tokens,384]; their mean, scaled to length 1, is the vector',
  source: { hub: 'Xenova/all-MiniLM-L6-v2', revision: 'main' },
  files: [{ path: 'onnx/model_quantized.onnx' }, { path: 'tokenizer.json' }],
}
