import type { RgbImage } from '../models.js'

/** Mean and standard deviation of each colour, on a scale of 0..1, that a model was trained with. */
export interface ColourScale {
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
}

/** The square of `side` pixels at the centre of a picture as NCHW floats, red first, each colour normalised. */
export function centreTensor(image: RgbImage, side: number, { mean, deviation }: ColourScale): Float32Array {
  const left = Math.floor((image.width - side) / 2)
  const top = Math.floor((image.height - side) / 2)
  const plane = side * side
  const tensor = new Float32Array(plane * 3)
  for (let colour = 0; colour < 3; colour += 1) {
    const scale = 1 / (255 * (deviation[colour] ?? 1))
    const shift = (mean[colour] ?? 0) / (deviation[colour] ?? 1)
    let to = colour * plane
    for (let row = top; row < top + side; row += 1) {
      let from = (row * image.width + left) * 3 + colour
      for (let column = 0; column < side; column += 1) {
        tensor[to] = (image.data[from] ?? 0) * scale - shift
        to += 1
        from += 3
      }
    }
  }
  return tensor
}
