import type { Detection } from '@cuewire/protocol'
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { RgbImage } from '../models.js'
import { COCO_LABELS } from './coco.js'
import { imageTensor, type Placement, pictureBox } from './image-tensor.js'
import { suppress } from './nms.js'
import { openSession } from './session.js'
import { floatTensor } from './tensor.js'

/** Width of the canvas, in pixels. Its height is a multiple of the product of the model's strides. */
const SIDE = 512
const STRIDE = 32
// Below this score the model is more often wrong than right on photographs.
const MIN_SCORE = 0.35
// The model reports the same thing twice: with slightly different boxes, or with the same box as car and as truck.
const OVERLAP = { sameLabel: 0.5, anyLabel: 0.85 }
const ROW = 6

/** CenterNet: finds COCO objects in a picture of at most 512 x 512 pixels. */
export class Detector {
  readonly #session: InferenceSession

  private constructor(session: InferenceSession) {
    this.#session = session
  }

  static async open(path: string): Promise<Detector> {
    return new Detector(await openSession(path, { shapes: 'one' }))
  }

  release(): Promise<void> {
    return this.#session.release()
  }

  async detect(image: RgbImage): Promise<Detection[]> {
    // A wide picture needs no square canvas: a quarter less work for 16:9.
    const height = Math.ceil(image.height / STRIDE) * STRIDE
    const { data, placement } = imageTensor(image, { width: SIDE, height })
    const images = new Tensor('float32', data, [1, height, SIDE, 3])
    const outputs = await this.#session.run({ 'tower_0/images': images })
    return readDetections(floatTensor(outputs, 'tower_0/detections').data, placement)
  }
}

/** Turns rows of x1, y1, x2, y2 (canvas pixels), score, class into detections with boxes in fractions of the picture. */
export function readDetections(rows: Float32Array, placement: Placement): Detection[] {
  const found: Detection[] = []
  for (let at = 0; at + ROW <= rows.length; at += ROW) {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, score = 0, number = -1] = rows.subarray(at, at + ROW)
    const label = COCO_LABELS[number]
    const box = pictureBox([x1, y1, x2, y2], placement)
    // Written so that NaN fails.
    const usable = score >= MIN_SCORE && box.width > 0 && box.height > 0
    if (label === undefined || !usable) continue
    found.push({ label, confidence: Math.min(1, score), box })
  }
  return suppress(found, OVERLAP)
}
