import { Tensor } from 'onnxruntime-node'
import type { RgbImage } from '../models.js'

/** Mean and standard deviation of each channel of the tensor, on a scale of 0..1, that a model was trained with. */
export interface ColourScale {
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
  /** Channels are blue, green, red. @default red, green, blue */
  readonly blueFirst?: true
}

/** The picture as f32 [1,3,height,width], each channel normalised. */
export function normalisedTensor(
  { width, height, data }: RgbImage,
  { mean, deviation, blueFirst }: ColourScale,
): Tensor {
  const plane = width * height
  const values = new Float32Array(plane * 3)
  for (let channel = 0; channel < 3; channel += 1) {
    const scale = 1 / (255 * (deviation[channel] ?? 1))
    const shift = (mean[channel] ?? 0) / (deviation[channel] ?? 1)
    const start = channel * plane
    for (let i = 0, from = blueFirst ? 2 - channel : channel; i < plane; i += 1, from += 3)
      values[start + i] = (data[from] ?? 0) * scale - shift
  }
  return new Tensor('float32', values, [1, 3, height, width])
}
