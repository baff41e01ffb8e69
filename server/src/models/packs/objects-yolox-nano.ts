import type { HubPack } from '../pack.js'

/**
 * Tried here: an export of these weights of 3,678,356 bytes (SHA-256 e8af0749...), from a folder and from a local server
 * laid out as a hub. Not tried: the repository itself, since no hub can be reached from here. Other projects that use its
 * file give 3,659,407 bytes, the size of the authors' own export; so neither commit nor hash is pinned yet.
 */
export const objectsYoloxNano: HubPack = {
  name: 'objects-yolox-nano',
  version: '1.0.0',
  task: 'objects',
  runtime: 'yolox',
  description: 'YOLOX nano: the 80 classes of COCO',
  licence: 'Apache-2.0',
  input: 'images f32[1,3,416,416], BGR 0..255, the picture centred on grey 114',
  output: 'output f32[1,3549,85]: for each cell of the grids of strides 8, 16 and 32 box, objectness, class scores',
  reliableFrom: { person: 0.6, bicycle: 0.6, car: 0.6, motorcycle: 0.6, dog: 0.6, cat: 0.6, bottle: 0.6, chair: 0.6 },
  source: { hub: 'hr16/yolox-onnx', revision: 'main' },
  files: [{ path: 'yolox_nano.onnx' }],
}
