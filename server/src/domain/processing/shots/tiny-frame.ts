import type { Seconds } from '@cuewire/protocol'
import { assert } from '../../../lib/assert.js'

/** Size of the pictures that shots are found in: packed RGB, stretched. */
export const TINY = { width: 64, height: 36 } as const

export const TINY_BYTES = TINY.width * TINY.height * 3

/** A tiny picture with what its comparisons need. */
export interface TinyFrame {
  readonly at: Seconds
  readonly data: Uint8Array
  /** Mean of each channel, 0..255. */
  readonly mean: readonly [number, number, number]
  /** Mean over the pixels of the squared deviation from the mean colour, summed over the channels. */
  readonly variance: number
}

export function tinyFrame(at: Seconds, data: Uint8Array): TinyFrame {
  assert(data.length === TINY_BYTES, `a tiny frame is ${TINY.width}x${TINY.height} RGB`)
  let red = 0
  let green = 0
  let blue = 0
  let squares = 0
  for (let index = 0; index < TINY_BYTES; index += 3) {
    const r = data[index] ?? 0
    const g = data[index + 1] ?? 0
    const b = data[index + 2] ?? 0
    red += r
    green += g
    blue += b
    squares += r * r + g * g + b * b
  }
  const pixels = TINY_BYTES / 3
  const mean = [red / pixels, green / pixels, blue / pixels] as const
  const variance = Math.max(0, squares / pixels - mean[0] ** 2 - mean[1] ** 2 - mean[2] ** 2)
  return { at, data, mean, variance }
}
