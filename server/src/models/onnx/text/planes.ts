import { Tensor } from 'onnxruntime-node'
import type { RgbImage } from '../../models.js'

/** How samples of 0..1 are normalised, for the channels of the tensor in order. */
interface Normalisation {
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
}

/** The picture as f32 [1,3,height,width], blue first, normalised. */
export function normalisedPlanes({ width, height, data }: RgbImage, { mean, deviation }: Normalisation): Tensor {
  const plane = width * height
  const values = new Float32Array(plane * 3)
  for (let channel = 0; channel < 3; channel += 1) {
    const scale = 1 / (255 * (deviation[channel] ?? 1))
    const shift = (mean[channel] ?? 0) / (deviation[channel] ?? 1)
    const start = channel * plane
    // RGB samples: blue is the last of three.
    for (let i = 0, from = 2 - channel; i < plane; i += 1, from += 3)
      values[start + i] = (data[from] ?? 0) * scale - shift
  }
  return new Tensor('float32', values, [1, 3, height, width])
}
