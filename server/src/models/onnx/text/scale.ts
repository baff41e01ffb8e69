import type { RgbImage } from '../../models.js'

/** Weights of the source samples that make up one target sample; they add up to 1. */
interface Taps {
  readonly first: number
  readonly weights: Float32Array
}

/** Scales a picture: linear interpolation where it grows, and where it shrinks the same filter widened to average. */
export function scaled(image: RgbImage, size: { readonly width: number; readonly height: number }): RgbImage {
  if (image.width === size.width && image.height === size.height) return image
  const columns = tapsOf(image.width, size.width)
  const rows = tapsOf(image.height, size.height)
  const narrow = new Float32Array(size.width * image.height * 3)
  for (let row = 0; row < image.height; row += 1) {
    const line = row * image.width
    for (const [column, { first, weights }] of columns.entries()) {
      let red = 0
      let green = 0
      let blue = 0
      for (let tap = 0; tap < weights.length; tap += 1) {
        const weight = weights[tap] ?? 0
        const from = (line + first + tap) * 3
        red += weight * (image.data[from] ?? 0)
        green += weight * (image.data[from + 1] ?? 0)
        blue += weight * (image.data[from + 2] ?? 0)
      }
      const to = (row * size.width + column) * 3
      narrow[to] = red
      narrow[to + 1] = green
      narrow[to + 2] = blue
    }
  }
  const rowValues = size.width * 3
  const data = new Uint8Array(size.height * rowValues)
  const sums = new Float32Array(rowValues)
  for (const [row, { first, weights }] of rows.entries()) {
    sums.fill(0)
    for (let tap = 0; tap < weights.length; tap += 1) {
      const weight = weights[tap] ?? 0
      const from = (first + tap) * rowValues
      for (let i = 0; i < rowValues; i += 1) sums[i] = (sums[i] ?? 0) + weight * (narrow[from + i] ?? 0)
    }
    for (let i = 0; i < rowValues; i += 1) data[row * rowValues + i] = (sums[i] ?? 0) + 0.5
  }
  return { ...size, data }
}

/** The taps of each target sample, for a line of `from` samples scaled to `to`. */
function tapsOf(from: number, to: number): Taps[] {
  const ratio = from / to
  const reach = Math.max(1, ratio)
  return Array.from({ length: to }, (_, target) => {
    const centre = (target + 0.5) * ratio - 0.5
    const first = Math.max(0, Math.ceil(centre - reach))
    const last = Math.min(from - 1, Math.floor(centre + reach))
    const weights = new Float32Array(last - first + 1)
    let sum = 0
    for (let i = 0; i < weights.length; i += 1) {
      weights[i] = Math.max(0, 1 - Math.abs(first + i - centre) / reach)
      sum += weights[i] ?? 0
    }
    return { first, weights: weights.map(weight => weight / sum) }
  })
}
