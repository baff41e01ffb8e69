import type { VideoFrame } from '../../../media/media-tools.js'

/** Number of colour bins: three bits each of red, green and blue. */
const COLOURS = 512
const DARK = 40
const BRIGHT = 215
/** Mean difference of neighbouring pixels, of 255, from which a small picture counts as sharp. */
const SHARP = 8

/**
 * How well a picture suits as a poster, from 0 to 1. High for sharp pictures with many colours that are neither dark nor
 * overexposed; low for black, blurred and flat pictures, such as title cards.
 */
export function posterScore({ data, width, height }: VideoFrame): number {
  const counts = new Uint32Array(COLOURS)
  let light = 0
  let differences = 0
  for (let y = 0; y < height; y++) {
    let left = 0
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]
      const colour = ((red >> 5) << 6) | ((green >> 5) << 3) | (blue >> 5)
      counts[colour] = (counts[colour] ?? 0) + 1
      // Luma of ITU-R BT.601.
      const luma = 0.299 * red + 0.587 * green + 0.114 * blue
      light += luma
      if (x > 0) differences += Math.abs(luma - left)
      left = luma
    }
  }
  const pixels = width * height
  const sharpness = Math.min(1, differences / (height * (width - 1)) / SHARP)
  return (entropy(counts, pixels) / Math.log2(COLOURS)) * sharpness * exposure(light / pixels)
}

/** 1 in the middle, falling to 0 at black and at white. */
function exposure(luma: number): number {
  return Math.min(1, luma / DARK, (255 - luma) / (255 - BRIGHT))
}

/** Bits of information per pixel (Shannon). */
function entropy(counts: Uint32Array, total: number): number {
  let bits = 0
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total)
  return bits
}
