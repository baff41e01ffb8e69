import type { HubPack } from '../pack.js'

/**
 * Tried here: an export of these weights made from another format, from a folder (encoder 26,007,600 bytes, decoder
 * 53,844,717 bytes). Not tried: the repository itself, since no hub can be reached from here; so neither commit nor hashes
 * are pinned yet. The decoder must give `cross_attentions.N`, as the exports named "timestamped" do.
 */
export const speechWhisperBase: HubPack = {
  name: 'speech-whisper-base',
  version: '1.0.0',
  task: 'speech',
  runtime: 'whisper',
  description: 'Whisper base, int8: speech in 99 languages to text, with word times',
  licence: 'MIT',
  input:
    'encoder: input_features f32[1,80,3000], log-mel of 30 s; decoder: input_ids, encoder states, key and value caches',
  output: 'logits f32[1,tokens,51865], the caches, cross_attentions.0-5 f32[1,8,tokens,1500] at 50 frames a second',
  source: { hub: 'onnx-community/whisper-base_timestamped', revision: 'main' },
  files: [
    { path: 'generation_config.json' },
    { path: 'tokenizer.json' },
    { path: 'onnx/encoder_model_quantized.onnx' },
    { path: 'onnx/decoder_model_merged_quantized.onnx' },
  ],
}
