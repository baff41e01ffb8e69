import type { HubPack } from '../pack.js'

/**
 * Could not be tried here, since no hub can be reached: the preprocessing and the tokenizer are tested with small files of the
 * same shapes. Commit, sizes and hashes are those that other projects pin; the hub's own answers are checked against them.
 */
export const imageTextClipB32: HubPack = {
  name: 'image-text-clip-b32',
  version: '1.0.0',
  task: 'image-text',
  runtime: 'clip',
  description: 'CLIP ViT-B/32, int8: pictures and English captions to vectors of 512 numbers',
  licence: 'MIT',
  input: 'pixel_values f32[1,3,224,224], the whole picture; input_ids i64[1,tokens], at most 77',
  output: 'image_embeds, text_embeds f32[1,512], scaled to length 1',
  source: { hub: 'Xenova/clip-vit-base-patch32', revision: 'd15189d7028b43f1d3e65039190477f6af591c2a' },
  files: [
    {
      path: 'onnx/vision_model_quantized.onnx',
      bytes: 89_117_001,
      sha256: '583fd1110a514667812fee7d684952aaf82a99b959760c8d7dca7e0ab9839299',
    },
    {
      path: 'onnx/text_model_quantized.onnx',
      bytes: 64_504_507,
      sha256: '73baab855d406190da9faa498cfedf65f15cf309f4cc7385b7b032e6d08e5c3a',
    },
    {
      path: 'tokenizer.json',
      bytes: 2_224_119,
      sha256: 'f7f3b7af117d467b58374797691a6438d3e6b9e9cef800dfd5dced7f697a90cd',
    },
  ],
}
