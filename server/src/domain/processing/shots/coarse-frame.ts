import type { Seconds } from '@cuewire/protocol'
import { TINY, type TinyFrame } from './tiny-frame.js'

const BLOCK = 4
const COLUMNS = TINY.width / BLOCK
const ROWS = TINY.height / BLOCK
/** Bytes of a row. */
const STRIDE = TINY.width * 3

/** A picture of 16x9 blocks: what moves by a few pixels stays where it is. */
export interface CoarseFrame {
  readonly at: Seconds
  /** Mean of each block and channel less the mean grey of the picture: a change of brightness alone only scales it. */
  readonly data: Float32Array
  /** Mean squared difference of neighbouring pixels of the tiny frame: how much detail there is, wherever it moves. */
  readonly detail: number
  readonly tiny: TinyFrame
}

export function coarseFrame(tiny: TinyFrame): CoarseFrame {
  const grey = (tiny.mean[0] + tiny.mean[1] + tiny.mean[2]) / 3
  const data = blockSums(tiny.data)
  for (let index = 0; index < data.length; index++) data[index] = (data[index] ?? 0) / BLOCK ** 2 - grey
  return { at: tiny.at, data, detail: squaredSteps(tiny.data) / tiny.data.length, tiny }
}

function blockSums(pixels: Uint8Array): Float32Array {
  const sums = new Float32Array(COLUMNS * ROWS * 3)
  for (let row = 0, from = 0; row < TINY.height; row++) {
    const line = Math.floor(row / BLOCK) * COLUMNS * 3
    for (let column = 0; column < COLUMNS; column++) {
      const to = line + column * 3
      let red = 0
      let green = 0
      let blue = 0
      for (const end = from + BLOCK * 3; from < end; from += 3) {
        red += pixels[from] ?? 0
        green += pixels[from + 1] ?? 0
        blue += pixels[from + 2] ?? 0
      }
      sums[to] = (sums[to] ?? 0) + red
      sums[to + 1] = (sums[to + 1] ?? 0) + green
      sums[to + 2] = (sums[to + 2] ?? 0) + blue
    }
  }
  return sums
}

/** Sum of the squared differences of all values from those to the left and above. */
function squaredSteps(pixels: Uint8Array): number {
  let sum = 0
  for (let row = 0; row < TINY.height; row++) {
    const start = row * STRIDE
    for (let at = start + 3; at < start + STRIDE; at++) {
      const step = (pixels[at] ?? 0) - (pixels[at - 3] ?? 0)
      sum += step * step
    }
  }
  for (let at = STRIDE; at < pixels.length; at++) {
    const step = (pixels[at] ?? 0) - (pixels[at - STRIDE] ?? 0)
    sum += step * step
  }
  return sum
}

/** Sum of the products of all values. */
export function dot({ data: a }: CoarseFrame, { data: b }: CoarseFrame): number {
  // Four sums, because one would make each addition wait for the one before.
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  for (let index = 0; index < a.length; index += 4) {
    first += (a[index] ?? 0) * (b[index] ?? 0)
    second += (a[index + 1] ?? 0) * (b[index + 1] ?? 0)
    third += (a[index + 2] ?? 0) * (b[index + 2] ?? 0)
    fourth += (a[index + 3] ?? 0) * (b[index + 3] ?? 0)
  }
  return first + second + (third + fourth)
}
