import type { HubPack } from '../pack.js'

/**
 * Tried here: files of 3,798,326 and 1,889,258 bytes, from a folder and from a local server laid out as a hub. We know of no
 * public repository with files of this interface: the name below is where one would be published.
 */
export const imageTextConse: HubPack = {
  name: 'image-text-conse',
  version: '1.0.0',
  task: 'image-text',
  runtime: 'conse',
  description: 'ConSE over MobileNetV2 and GloVe: pictures and English words to vectors of 50 numbers',
  licence: 'PDDL 1.0 (GloVe), BSD-3-Clause (MobileNetV2)',
  input: 'input f32[1,3,224,224], the whole picture; input_ids, attention_mask i64[1,words]',
  output: 'image_embeds, text_embeds f32[1,50], of length 1, or zeros for a text without a known word',
  source: { hub: 'cuewire/image-text-conse', revision: 'main', published: false },
  files: [{ path: 'image_encoder.onnx' }, { path: 'text_encoder.onnx' }, { path: 'tokenizer.json' }],
}
