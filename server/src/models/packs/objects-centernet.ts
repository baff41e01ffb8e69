import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NpmPack } from '../pack.js'

export const objectsCenternet: NpmPack = {
  name: 'objects-centernet',
  version: '1.2.0',
  task: 'objects',
  runtime: 'centernet',
  description: 'CenterNet over MobileNetV3: the 80 classes of COCO',
  licence: 'MIT',
  input: 'tower_0/images f32[1,h,512,3], RGB 0..255; h is a multiple of 32, and the picture stretched up to the square',
  output: 'tower_0/detections f32[1,100,6]: x1, y1, x2, y2 in pixels of the input, score, class',
  reliableFrom: { person: 0.55, car: 0.55 },
  source: {
    npm: '@vladmandic/human@3.3.6',
    files: [
      {
        path: 'models/centernet.json',
        bytes: 201_673,
        sha256: 'bfb942eaacc5becf738d536663bc4580a0ae9e560722306e6d4dd7fe4a09de05',
      },
      {
        path: 'models/centernet.bin',
        bytes: 4_030_290,
        sha256: '1b635a15009071f506f9f2b3519b31c072c534888989f30d269ffd44734ef7ef',
      },
    ],
  },
  files: [
    {
      path: 'centernet.onnx',
      bytes: 8_097_646,
      sha256: 'f3af5be319b675377bd7096e09d7cc45130115b7936d7735dec96a518971d174',
    },
  ],
  async build(from, to) {
    const { convertGraphModel } = await import('../convert/graph-model.js')
    const json = await readFile(join(from, 'models/centernet.json'), 'utf8')
    const weights = await readFile(join(from, 'models/centernet.bin'))
    const model = convertGraphModel({ json, weights, outputs: ['tower_0/detections'] })
    await writeFile(join(to, 'centernet.onnx'), model)
  },
}
