import { TINY, type TinyFrame } from './tiny-frame.js'

// Deviations below about five levels a channel are noise: two flat pictures with different grain are alike.
const NOISE = 3 * 5 ** 2
// A change of light moves the mean brightness and leaves the structure, so up to this many levels it does not count, and
// beyond by a quarter; a change of hue counts whole.
const LIGHT_LEVELS = 40
const LIGHT_WEIGHT = 0.25
// A pan of this share of the picture between two frames is followed, in steps of two pixels and then of one.
const REACH = { x: 12, y: 4 } as const
const COARSE_STEP = 2

/**
 * How unlike two pictures are: 0 for the same, about 1 for unrelated ones. It is the energy of their difference over the energy of
 * both, each taken about its mean colour, or one minus their correlation where that is less: it depends neither on contrast nor on
 * exposure.
 */
export function distance(a: TinyFrame, b: TinyFrame): number {
  return shiftedDistance(a, b, { x: 0, y: 0 }, 1)
}

/** How far a picture may be shifted, in pixels. */
interface Reach {
  readonly x: number
  readonly y: number
}

/** The distance after the best shift of the whole picture, which is what a moving camera leaves. */
export function steadiedDistance(a: TinyFrame, b: TinyFrame, plain = distance(a, b), reach: Reach = REACH): number {
  // Pictures this much alike need no shift, and most neighbours are.
  if (plain < 0.1) return plain
  let [best, least] = [{ x: 0, y: 0 }, Number.POSITIVE_INFINITY]
  for (let y = -reach.y; y <= reach.y; y += COARSE_STEP) {
    for (let x = -reach.x; x <= reach.x; x += COARSE_STEP) {
      const shifted = shiftedDistance(a, b, { x, y }, COARSE_STEP)
      if (shifted < least) [best, least] = [{ x, y }, shifted]
    }
  }
  let steadied = plain
  for (let y = best.y - 1; y <= best.y + 1; y++) {
    for (let x = best.x - 1; x <= best.x + 1; x++) steadied = Math.min(steadied, shiftedDistance(a, b, { x, y }, 1))
  }
  return steadied
}

/** The distance of two pictures, one of them shifted, where they overlap; of every `step`th pixel of every `step`th row. */
function shiftedDistance(a: TinyFrame, b: TinyFrame, shift: { x: number; y: number }, step: number): number {
  const { width, height } = TINY
  const columns = width - Math.abs(shift.x)
  const rows = height - Math.abs(shift.y)
  let ar = 0
  let ag = 0
  let ab = 0
  let br = 0
  let bg = 0
  let bb = 0
  let squaresA = 0
  let squaresB = 0
  let cross = 0
  let pixels = 0
  for (let row = 0; row < rows; row += step) {
    let from = ((row + Math.max(0, -shift.y)) * width + Math.max(0, -shift.x)) * 3
    let to = ((row + Math.max(0, shift.y)) * width + Math.max(0, shift.x)) * 3
    for (let column = 0; column < columns; column += step, from += 3 * step, to += 3 * step) {
      const r = a.data[from] ?? 0
      const g = a.data[from + 1] ?? 0
      const l = a.data[from + 2] ?? 0
      const u = b.data[to] ?? 0
      const v = b.data[to + 1] ?? 0
      const w = b.data[to + 2] ?? 0
      ar += r
      ag += g
      ab += l
      br += u
      bg += v
      bb += w
      squaresA += r * r + g * g + l * l
      squaresB += u * u + v * v + w * w
      cross += r * u + g * v + l * w
      pixels += 1
    }
  }
  const [a0, a1, a2] = [ar / pixels, ag / pixels, ab / pixels]
  const [b0, b1, b2] = [br / pixels, bg / pixels, bb / pixels]
  const va = Math.max(0, squaresA / pixels - a0 * a0 - a1 * a1 - a2 * a2)
  const vb = Math.max(0, squaresB / pixels - b0 * b0 - b1 * b1 - b2 * b2)
  const covariance = cross / pixels - a0 * b0 - a1 * b1 - a2 * b2
  const moved = colourChange(b0 - a0, b1 - a1, b2 - a2)
  const change = va + vb - 2 * covariance + moved
  if (change < NOISE) return 0
  const energy = va + vb + NOISE
  // A change of exposure scales the mean colour as it scales the contrast.
  const gain = Math.sqrt((vb + NOISE) / (va + NOISE))
  const unscaled = Math.min(moved, colourChange(b0 - gain * a0, b1 - gain * a1, b2 - gain * a2))
  const uncorrelated = Math.max(0, 1 - covariance / (Math.sqrt(va * vb) + NOISE))
  return Math.min(1, change / energy, uncorrelated + unscaled / energy)
}

/** The energy of a change of the mean colour, most of it that of the hue. */
function colourChange(red: number, green: number, blue: number): number {
  const light = (red + green + blue) / 3
  const hue = red * red + green * green + blue * blue - 3 * light * light
  return hue + LIGHT_WEIGHT * 3 * Math.max(0, Math.abs(light) - LIGHT_LEVELS) ** 2
}

/** Sum of the squared differences of all bytes. */
export function squaredDifference(a: TinyFrame, b: TinyFrame): number {
  let sum = 0
  for (let index = 0; index < a.data.length; index++) sum += ((a.data[index] ?? 0) - (b.data[index] ?? 0)) ** 2
  return sum
}
