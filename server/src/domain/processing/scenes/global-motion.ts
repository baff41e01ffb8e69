import { TINY } from '../shots/tiny-frame.js'

/** A picture in grey at half and at full size, smoothed, with the gradients of its rows and columns. */
export interface GreyPicture {
  readonly levels: readonly Level[]
}

interface Level {
  readonly width: number
  readonly height: number
  readonly grey: Float32Array
  /** How the brightness of each pixel changes when the picture moves by its width, its height, or grows to twice its size. */
  readonly byX: Float32Array
  readonly byY: Float32Array
  readonly byZoom: Float32Array
  /** Mean squared gradient inside the border. */
  readonly texture: number
}

/** How a picture moved to become the next one. */
export interface GlobalMotion {
  /** Shift of what is shown, in widths and heights of the picture; positive is right and down. */
  readonly x: number
  readonly y: number
  /** Enlargement of what is shown, 0.01 for one percent. */
  readonly zoom: number
  /** Share of the picture that moved in another way. */
  readonly moving: number
}

/** Most steps at each level, and the rows from one that is used to the next. */
const SEARCHES = [
  { steps: 4, rowStep: 1 },
  { steps: 3, rowStep: 2 },
] as const
/** Steps end when the last one moved the picture by less, in widths. */
const CONVERGED = 2e-4
/** Pixels at the border, where a moved picture shows something new. */
const BORDER = 2
/** Differences beyond this are not of the camera's making: their weight falls with the square (Geman and McClure). */
const SCALE = 10
/** Difference, of 255, from which a pixel moves differently. */
const MOVING = 14
/** A motion must explain this share of the difference that it finds, else there is none. */
const LEAST_EXPLAINED = 0.25
/** Mean absolute difference, after the motion, from which two pictures are not the same place. */
const UNRELATED = 30
/** A picture with less structure, mean squared gradient, cannot show motion. */
const LEAST_TEXTURE = 1.5
/** Mean absolute difference that compression alone makes. */
const NOISE = 0.1
/** Marks pixels that show nothing of the other picture. No brightness is below 0. */
const OUTSIDE = -1
const NONE = { x: 0, y: 0, zoom: 0 }
const PIXELS = TINY.width * TINY.height
/** Space for one step, used again by the next. */
const SCRATCH = {
  grey: new Float32Array(PIXELS),
  rows: new Float32Array(PIXELS),
  warped: new Float32Array(PIXELS),
  errors: new Float32Array(PIXELS),
  lefts: new Int32Array(TINY.width),
  parts: new Float32Array(TINY.width),
}

/** Prepares a tiny RGB picture of 64 x 36 pixels. */
export function greyPicture(data: Uint8Array): GreyPicture {
  const { width, height } = TINY
  const { grey } = SCRATCH
  for (let pixel = 0, at = 0; pixel < grey.length; pixel += 1, at += 3)
    grey[pixel] = (2 * (data[at] ?? 0) + 5 * (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 8
  const full = smoothed({ width, height, grey })
  const half = { width: width / 2, height: height / 2, grey: halved(full) }
  return { levels: [withGradients(half), withGradients({ width, height, grey: full })] }
}

/**
 * The shift and the zoom between two pictures, by Gauss-Newton steps on their differences, from coarse to fine (Bergen, Anandan,
 * Hanna and Hingorani, 1992, in the inverse form of Baker and Matthews, 2004), robust against parts that move by themselves and
 * blind to a change of brightness. Undefined if the pictures do not show the same place.
 */
export function globalMotion(from: GreyPicture, to: GreyPicture): GlobalMotion | undefined {
  const [first, second] = [from.levels.at(-1), to.levels.at(-1)]
  if (!first || !second) return undefined
  const still = compare(first, second, NONE)
  if (still.mean < NOISE) return { ...NONE, moving: 0 }
  let motion: Motion = NONE
  for (const [index, search] of SEARCHES.entries()) {
    const [level, next] = [from.levels[index], to.levels[index]]
    if (level && next) motion = aligned(level, next, motion, search)
  }
  const moved = compare(first, second, motion)
  const isMotion = moved.energy <= (1 - LEAST_EXPLAINED) * still.energy
  const best = isMotion ? moved : still
  if (best.mean > UNRELATED) return undefined
  return { ...(isMotion ? motion : NONE), moving: best.moving }
}

interface Motion {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

/** A motion after some steps at one level; unchanged if the picture has too little structure. */
function aligned(from: Level, to: Level, start: Motion, { steps, rowStep }: (typeof SEARCHES)[number]): Motion {
  if (from.texture < LEAST_TEXTURE) return start
  let motion = start
  let bias = 0
  for (let step = 0; step < steps; step += 1) {
    const next = refined(from, to, { motion, bias, rowStep })
    if (!next) break
    const { x, y, zoom } = motion
    motion = next.motion
    bias = next.bias
    if (Math.abs(motion.x - x) + Math.abs(motion.y - y) + Math.abs(motion.zoom - zoom) < CONVERGED) break
  }
  return motion
}

/** One step. `bias` is the change of brightness, found in the step before. */
function refined(
  from: Level,
  to: Level,
  { motion, bias, rowStep }: { readonly motion: Motion; readonly bias: number; readonly rowStep: number },
): { readonly motion: Motion; readonly bias: number } | undefined {
  const { width, height, grey, byX, byY, byZoom } = from
  const values = warped(to, motion, rowStep)
  let total = 0
  let weights = 0
  // Normal equations of the three parameters, of which the matrix is symmetric. One statement for each, because V8 boxes
  // variables that come out of an array.
  let xx = 0
  let xy = 0
  let xz = 0
  let yy = 0
  let yz = 0
  let zz = 0
  let ex = 0
  let ey = 0
  let ez = 0
  for (let row = BORDER; row < height - BORDER; row += rowStep) {
    for (let at = row * width + BORDER; at < (row + 1) * width - BORDER; at += 1) {
      const value = values[at] ?? OUTSIDE
      if (value === OUTSIDE) continue
      const error = value - (grey[at] ?? 0) - bias
      const ratio = error * (1 / SCALE)
      const root = 1 / (1 + ratio * ratio)
      const weight = root * root
      total += weight * (error + bias)
      weights += weight
      const dx = byX[at] ?? 0
      const dy = byY[at] ?? 0
      const dz = byZoom[at] ?? 0
      const wx = weight * dx
      const wy = weight * dy
      const wz = weight * dz
      xx += wx * dx
      xy += wx * dy
      xz += wx * dz
      yy += wy * dy
      yz += wy * dz
      zz += wz * dz
      ex += wx * error
      ey += wy * error
      ez += wz * error
    }
  }
  // A little is added to the diagonal, so that stripes along one axis give no motion along them.
  const damping = 0.01 * (xx + yy)
  const solved = solve([xx + damping, xy, xz, yy + damping, yz, zz + 0.1 * damping], [ex, ey, ez])
  if (!solved) return undefined
  return {
    motion: { x: motion.x - solved[0], y: motion.y - solved[1], zoom: motion.zoom - solved[2] },
    bias: total / Math.max(1e-6, weights),
  }
}

/** Compares a picture with the next one moved back. `energy` is robust. A change of brightness does not count. */
function compare(from: Level, to: Level, motion: Motion) {
  const { width, height } = from
  const values = warped(to, motion, 1)
  const { errors } = SCRATCH
  let pixels = 0
  let sum = 0
  for (let row = BORDER; row < height - BORDER; row += 1) {
    for (let column = BORDER; column < width - BORDER; column += 1) {
      const at = row * width + column
      const value = values[at] ?? OUTSIDE
      if (value === OUTSIDE) continue
      const error = value - (from.grey[at] ?? 0)
      errors[pixels] = error
      pixels += 1
      sum += error
    }
  }
  const bias = sum / Math.max(1, pixels)
  let energy = 0
  let absolute = 0
  let moving = 0
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const difference = Math.abs((errors[pixel] ?? 0) - bias)
    energy += difference ** 2 / (1 + (difference / SCALE) ** 2)
    absolute += difference
    if (difference > MOVING) moving += 1
  }
  return { energy: energy / pixels, mean: absolute / pixels, moving: moving / pixels }
}

/** The brightness of a picture where each pixel of the one before has moved; `OUTSIDE` there and at the border. Of every `rowStep`th row; valid until the next call. */
function warped({ width, height, grey }: Level, motion: Motion, rowStep: number): Float32Array {
  // `lefts` and `parts`: the pixel to the left of where each column has moved, and how far from it.
  const { warped: values, lefts, parts } = SCRATCH
  values.fill(OUTSIDE)
  let [first, last] = [width, BORDER]
  for (let column = BORDER; column < width - BORDER; column += 1) {
    const x = column + width * (motion.x + motion.zoom * ((column + 0.5) / width - 0.5))
    const left = Math.floor(x)
    if (left < 0 || left >= width - 1) continue
    lefts[column] = left
    parts[column] = x - left
    first = Math.min(first, column)
    last = column + 1
  }
  for (let row = BORDER; row < height - BORDER; row += rowStep) {
    const y = row + height * (motion.y + motion.zoom * ((row + 0.5) / height - 0.5))
    const top = Math.floor(y)
    if (top < 0 || top >= height - 1) continue
    const v = y - top
    for (let column = first; column < last; column += 1) {
      const u = parts[column] ?? 0
      const at = top * width + (lefts[column] ?? 0)
      const upper = (grey[at] ?? 0) * (1 - u) + (grey[at + 1] ?? 0) * u
      const lower = (grey[at + width] ?? 0) * (1 - u) + (grey[at + width + 1] ?? 0) * u
      values[row * width + column] = upper * (1 - v) + lower * v
    }
  }
  return values
}

/** Solves a symmetric system of three equations by Cramer's rule. */
function solve(
  [a, b, c, d, e, f]: readonly [number, number, number, number, number, number],
  [u, v, w]: readonly [number, number, number],
): readonly [number, number, number] | undefined {
  const [aa, bb, cc] = [d * f - e * e, c * e - b * f, b * e - c * d]
  const determinant = a * aa + b * bb + c * cc
  if (!(Math.abs(determinant) > 1e-9)) return undefined
  return [
    (aa * u + bb * v + cc * w) / determinant,
    (bb * u + (a * f - c * c) * v + (b * c - a * e) * w) / determinant,
    (cc * u + (b * c - a * e) * v + (a * d - b * b) * w) / determinant,
  ]
}

/** A binomial filter of 3 x 3. */
function smoothed({ width, height, grey }: Pick<Level, 'width' | 'height' | 'grey'>): Float32Array {
  const { rows } = SCRATCH
  for (let start = 0; start < grey.length; start += width)
    for (let column = 0; column < width; column += 1) {
      const left = grey[start + Math.max(0, column - 1)] ?? 0
      const right = grey[start + Math.min(width - 1, column + 1)] ?? 0
      rows[start + column] = (left + 2 * (grey[start + column] ?? 0) + right) / 4
    }
  const both = new Float32Array(grey.length)
  for (let row = 0; row < height; row += 1) {
    const [above, below] = [Math.max(0, row - 1) * width, Math.min(height - 1, row + 1) * width]
    for (let column = 0, at = row * width; column < width; column += 1, at += 1)
      both[at] = ((rows[above + column] ?? 0) + 2 * (rows[at] ?? 0) + (rows[below + column] ?? 0)) / 4
  }
  return both
}

function halved(grey: Float32Array): Float32Array {
  const { width, height } = TINY
  const half = new Float32Array(grey.length / 4)
  for (let row = 0, to = 0; row < height; row += 2)
    for (let column = 0; column < width; column += 2, to += 1) {
      const at = row * width + column
      const sum = (grey[at] ?? 0) + (grey[at + 1] ?? 0) + (grey[at + width] ?? 0) + (grey[at + width + 1] ?? 0)
      half[to] = sum / 4
    }
  return half
}

function withGradients({ width, height, grey }: Pick<Level, 'width' | 'height' | 'grey'>): Level {
  const products = new Float32Array(3 * grey.length)
  const [byX, byY, byZoom] = [0, 1, 2].map(part => products.subarray(part * grey.length, (part + 1) * grey.length)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  let squares = 0
  for (let row = BORDER; row < height - BORDER; row += 1)
    for (let column = BORDER; column < width - BORDER; column += 1) {
      const at = row * width + column
      const x = ((grey[at + 1] ?? 0) - (grey[at - 1] ?? 0)) / 2
      const y = ((grey[at + width] ?? 0) - (grey[at - width] ?? 0)) / 2
      squares += x * x + y * y
      byX[at] = x * width
      byY[at] = y * height
      byZoom[at] = x * (column + 0.5 - width / 2) + y * (row + 0.5 - height / 2)
    }
  const texture = squares / ((width - 2 * BORDER) * (height - 2 * BORDER))
  return { width, height, grey, byX, byY, byZoom, texture }
}
