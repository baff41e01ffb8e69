import type { Seconds } from '@cuewire/protocol'
import { TINY, type TinyFrame } from './tiny-frame.js'

const BLOCK = 4
const COLUMNS = TINY.width / BLOCK
const ROWS = TINY.height / BLOCK

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
  const data = new Float32Array(COLUMNS * ROWS * 3)
  let detail = 0
  const stride = TINY.width * 3
  for (let row = 0, from = 0; row < TINY.height; row++) {
    const line = Math.floor(row / BLOCK) * COLUMNS
    for (let column = 0; column < TINY.width; column++) {
      const to = (line + Math.floor(column / BLOCK)) * 3
      for (let channel = 0; channel < 3; channel++, from++) {
        const value = tiny.data[from] ?? 0
        data[to + channel] = (data[to + channel] ?? 0) + value
        if (column > 0) detail += (value - (tiny.data[from - 3] ?? 0)) ** 2
        if (row > 0) detail += (value - (tiny.data[from - stride] ?? 0)) ** 2
      }
    }
  }
  const grey = (tiny.mean[0] + tiny.mean[1] + tiny.mean[2]) / 3
  for (let index = 0; index < data.length; index++) data[index] = (data[index] ?? 0) / BLOCK ** 2 - grey
  return { at: tiny.at, data, detail: detail / tiny.data.length, tiny }
}

/** Sum of the products of all values. */
export function dot({ data: a }: CoarseFrame, { data: b }: CoarseFrame): number {
  // Four sums, because one would make each addition wait for the one before.
  let [first, second, third, fourth] = [0, 0, 0, 0]
  for (let index = 0; index < a.length; index += 4) {
    first += (a[index] ?? 0) * (b[index] ?? 0)
    second += (a[index + 1] ?? 0) * (b[index + 1] ?? 0)
    third += (a[index + 2] ?? 0) * (b[index + 2] ?? 0)
    fourth += (a[index + 3] ?? 0) * (b[index + 3] ?? 0)
  }
  return first + second + (third + fourth)
}
