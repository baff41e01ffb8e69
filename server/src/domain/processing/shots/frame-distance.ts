import { TINY, type TinyFrame } from './tiny-frame.js'

// Deviations below about five levels a channel are noise: two flat pictures with different grain are alike.
const NOISE = 3 * 5 ** 2
// A change below that is none, as in the last steps of a fade to black.
// A change of light moves the mean brightness and leaves the structure, so up to this many levels it does not count, and
// beyond by a quarter; a change of hue counts whole.
const LIGHT_LEVELS = 40
const LIGHT_WEIGHT = 0.25
// A pan of this share of the picture between two frames is followed.
const REACH = { x: 5, y: 3 } as const
/**
 * How unlike two pictures are: 0 for the same, about 1 for unrelated ones. It is the energy of their difference over the
 * energy of both, each taken about its mean colour, so that it does not depend on contrast or exposure.
 */
export function distance(a: TinyFrame, b: TinyFrame): number {
  return shiftedDistance(a, b, 0, 0)
}

/** The distance after the best shift of the whole picture, which is what a moving camera leaves. */
export function steadiedDistance(a: TinyFrame, b: TinyFrame, plain = distance(a, b)): number {
  let best = plain
  // Pictures this much alike need no shift, and most neighbours are.
  if (best < 0.1) return best
  for (let y = -REACH.y; y <= REACH.y; y++) {
    for (let x = -REACH.x; x <= REACH.x; x++) best = Math.min(best, shiftedDistance(a, b, x, y))
  }
  return best
}

function shiftedDistance(a: TinyFrame, b: TinyFrame, dx: number, dy: number): number {
  const { width, height } = TINY
  const columns = width - Math.abs(dx)
  const rows = height - Math.abs(dy)
  let [red, green, blue, squares] = [0, 0, 0, 0]
  for (let row = 0; row < rows; row++) {
    let from = ((row + Math.max(0, -dy)) * width + Math.max(0, -dx)) * 3
    let to = ((row + Math.max(0, dy)) * width + Math.max(0, dx)) * 3
    for (let column = 0; column < columns; column++, from += 3, to += 3) {
      const r = (a.data[from] ?? 0) - (b.data[to] ?? 0)
      const g = (a.data[from + 1] ?? 0) - (b.data[to + 1] ?? 0)
      const bl = (a.data[from + 2] ?? 0) - (b.data[to + 2] ?? 0)
      red += r
      green += g
      blue += bl
      squares += r * r + g * g + bl * bl
    }
  }
  const pixels = columns * rows
  const [mr, mg, mb] = [red / pixels, green / pixels, blue / pixels]
  const means = mr * mr + mg * mg + mb * mb
  const light = (mr + mg + mb) / 3
  const structure = squares / pixels - means
  const hue = means - 3 * light ** 2
  const moved = hue + LIGHT_WEIGHT * 3 * Math.max(0, Math.abs(light) - LIGHT_LEVELS) ** 2
  const change = structure + moved
  return change < NOISE ? 0 : Math.min(1, change / (a.variance + b.variance + NOISE))
}

/** Sum of the squared differences of all bytes. */
export function squaredDifference(a: TinyFrame, b: TinyFrame): number {
  let sum = 0
  for (let index = 0; index < a.data.length; index++) sum += ((a.data[index] ?? 0) - (b.data[index] ?? 0)) ** 2
  return sum
}
