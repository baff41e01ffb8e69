import type { RgbImage } from '../../models.js'

/** The source samples that make up each target sample: as many for each, from `first` on. */
interface Taps {
  readonly count: number
  readonly first: Int32Array
  /** `count` for each target sample; they add up to 1. */
  readonly weights: Float64Array
}

/** Scales a picture: linear interpolation where it grows, and where it shrinks the same filter widened to average. */
export function scaled(image: RgbImage, size: { readonly width: number; readonly height: number }): RgbImage {
  if (image.width === size.width && image.height === size.height) return image
  const columns = tapsOf(image.width, size.width)
  const rows = tapsOf(image.height, size.height)
  const data = new Uint8Array(size.height * size.width * 3)
  const line = new Float64Array(image.width * 3)
  for (let row = 0; row < size.height; row += 1) {
    line.fill(0)
    for (let tap = 0; tap < rows.count; tap += 1) {
      const weight = rows.weights[row * rows.count + tap] ?? 0
      if (weight > 0) addLine(line, image.data, ((rows.first[row] ?? 0) + tap) * line.length, weight)
    }
    scaleLine(line, columns, data.subarray(row * size.width * 3, (row + 1) * size.width * 3))
  }
  return { ...size, data }
}

function addLine(line: Float64Array, data: Uint8Array, from: number, weight: number): void {
  for (let i = 0; i < line.length; i += 1) line[i] = (line[i] ?? 0) + weight * (data[from + i] ?? 0)
}

function scaleLine(line: Float64Array, { count, first, weights }: Taps, into: Uint8Array): void {
  for (let column = 0; column < first.length; column += 1) {
    let red = 0
    let green = 0
    let blue = 0
    let from = (first[column] ?? 0) * 3
    for (let tap = column * count; tap < (column + 1) * count; tap += 1, from += 3) {
      const weight = weights[tap] ?? 0
      red += weight * (line[from] ?? 0)
      green += weight * (line[from + 1] ?? 0)
      blue += weight * (line[from + 2] ?? 0)
    }
    into[column * 3] = red + 0.5
    into[column * 3 + 1] = green + 0.5
    into[column * 3 + 2] = blue + 0.5
  }
}

/** The taps of each target sample, for a line of `from` samples scaled to `to`. */
function tapsOf(from: number, to: number): Taps {
  const ratio = from / to
  const reach = Math.max(1, ratio)
  const count = Math.min(from, Math.floor(2 * reach) + 1)
  const first = new Int32Array(to)
  const weights = new Float64Array(to * count)
  for (let target = 0; target < to; target += 1) {
    const centre = (target + 0.5) * ratio - 0.5
    const start = Math.min(Math.max(0, Math.ceil(centre - reach)), from - count)
    const own = Array.from({ length: count }, (_, tap) => Math.max(0, 1 - Math.abs(start + tap - centre) / reach))
    const sum = own.reduce((total, weight) => total + weight, 0)
    for (const [tap, weight] of own.entries()) weights[target * count + tap] = weight / sum
    first[target] = start
  }
  return { count, first, weights }
}
