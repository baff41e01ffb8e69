import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pack } from '../pack.js'

const FOLDER = 'dist/model/base/quantized'
const ENCODER = {
  bytes: 20_513_063,
  sha256: '1dd9ab0a7f987113d30affcba5a068d11c8f90fa0223caa3e491ade431ad9751',
}

export const speechMoonshine: Pack = {
  name: 'speech-moonshine-base',
  version: '1.0.0',
  task: 'speech',
  description: 'Moonshine base, int8: English speech to text, its decoder extended with the cross-attentions',
  licence: 'MIT',
  input: 'encoder: input_values f32[1,samples], 16 kHz; decoder: token, encoder states, key and value cache',
  output: 'logits f32[1,1,32768], the cache, cross_attentions f32[1,64,1,frames] at 41.67 frames a second',
  source: {
    npm: '@usefulsensors/moonshine-js@0.1.16',
    files: [
      { path: `${FOLDER}/encoder_model.onnx`, ...ENCODER },
      {
        path: `${FOLDER}/decoder_model_merged.onnx`,
        bytes: 42_498_870,
        sha256: 'cc9f3cd6698a369c6008b41aa60aa3fb3322e7f03c9bdf19d8e6b7200afca4f3',
      },
    ],
  },
  files: [
    { path: 'encoder.onnx', ...ENCODER },
    {
      path: 'decoder.onnx',
      bytes: 42_500_101,
      sha256: 'b517392fea96ee4734c2f941fd1186a91d636b9c689123e98a048e8d81a60334',
    },
  ],
  async build(from, to) {
    const { addCrossAttentionOutput } = await import('../convert/cross-attention.js')
    await copyFile(join(from, FOLDER, 'encoder_model.onnx'), join(to, 'encoder.onnx'))
    const decoder = await readFile(join(from, FOLDER, 'decoder_model_merged.onnx'))
    await writeFile(join(to, 'decoder.onnx'), addCrossAttentionOutput(decoder))
  },
}
