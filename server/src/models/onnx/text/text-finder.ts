import type { InferenceSession } from 'onnxruntime-node'
import type { RgbImage, TextRegion } from '../../models.js'
import { normalisedTensor } from '../normalised-tensor.js'
import { openSession } from '../session.js'
import { floatTensor } from '../tensor.js'
import { textRegions } from './db-regions.js'
import { scaled } from './scale.js'

/** Sides of the model's input are multiples of this. */
const STRIDE = 32
// PaddleOCR applies ImageNet's values for red, green, blue to blue, green, red; the model was trained so.
const NORMALISATION = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225], blueFirst: true } as const

/** PP-OCR text detection: finds lines of text in a picture. */
export class TextFinder {
  private constructor(private readonly session: InferenceSession) {}

  static async open(path: string): Promise<TextFinder> {
    return new TextFinder(await openSession(path, { shapes: 'few' }))
  }

  release(): Promise<void> {
    return this.session.release()
  }

  /** Looks at the picture scaled down to at most `maxSide` pixels. */
  async find(image: RgbImage, maxSide: number): Promise<TextRegion[]> {
    const ratio = Math.min(1, maxSide / Math.max(image.width, image.height))
    const side = (length: number) => Math.max(STRIDE, Math.round((length * ratio) / STRIDE) * STRIDE)
    const size = { width: side(image.width), height: side(image.height) }
    const outputs = await this.session.run({ x: normalisedTensor(scaled(image, size), NORMALISATION) })
    return textRegions({ ...size, data: floatTensor(outputs, 'sigmoid_0.tmp_0').data })
  }
}
