/** Mean and standard deviation of each colour, on a scale of 0..1, that a model was trained with. */
export interface ColourScale {
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
}

/** Packed RGB as NCHW floats, red first, each colour normalised. */
export function normalisedTensor(pixels: Uint8Array, { mean, deviation }: ColourScale): Float32Array {
  const plane = pixels.length / 3
  const tensor = new Float32Array(pixels.length)
  for (let colour = 0; colour < 3; colour += 1) {
    const scale = 1 / (255 * (deviation[colour] ?? 1))
    const shift = (mean[colour] ?? 0) / (deviation[colour] ?? 1)
    for (let pixel = 0; pixel < plane; pixel += 1) {
      tensor[colour * plane + pixel] = (pixels[pixel * 3 + colour] ?? 0) * scale - shift
    }
  }
  return tensor
}
