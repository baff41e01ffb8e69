import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NpmPack } from '../pack.js'

const FOLDER = 'dist/model/base/quantized'

export const speechMoonshine: NpmPack = {
  name: 'speech-moonshine-base',
  version: '2.0.0',
  task: 'speech',
  runtime: 'moonshine',
  description: 'Moonshine base, int8: English speech to text, its decoder made anew for batches and word times',
  licence: 'MIT',
  input:
    'encoder: input_values f32[1,samples], 16 kHz; cross: encoder states; step: tokens, mask, key and value caches',
  output: 'token, probability, the caches, cross_attentions f32[batch,64,1,frames] at 41.67 frames a second',
  source: {
    npm: '@usefulsensors/moonshine-js@0.1.16',
    files: [
      {
        path: `${FOLDER}/encoder_model.onnx`,
        bytes: 20_513_063,
        sha256: '1dd9ab0a7f987113d30affcba5a068d11c8f90fa0223caa3e491ade431ad9751',
      },
      {
        path: `${FOLDER}/decoder_model_merged.onnx`,
        bytes: 42_498_870,
        sha256: 'cc9f3cd6698a369c6008b41aa60aa3fb3322e7f03c9bdf19d8e6b7200afca4f3',
      },
    ],
  },
  files: [
    {
      path: 'encoder.onnx',
      bytes: 20_513_035,
      sha256: '984398125e9c075e972f234e2fa8786d4cb8b1f5be9caa61111a1347ed515120',
    },
    {
      path: 'cross.onnx',
      bytes: 2_778_631,
      sha256: '0778a0a7bfcee02e1e835cb243bc9b529346aa35d6869574d4c292a893385031',
    },
    {
      path: 'step.onnx',
      bytes: 44_795_412,
      sha256: '5ac6b642a07b1832d952a48c8ad19b626a30e5793f551227936df9ef39b16491',
    },
  ],
  async build(from, to) {
    const { buildMoonshine } = await import('../convert/moonshine.js')
    const encoder = await readFile(join(from, FOLDER, 'encoder_model.onnx'))
    const decoder = await readFile(join(from, FOLDER, 'decoder_model_merged.onnx'))
    for (const [name, model] of buildMoonshine({ encoder, decoder })) await writeFile(join(to, name), model)
  },
}
