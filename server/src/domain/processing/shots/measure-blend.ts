import type { Seconds } from '@cuewire/protocol'
import { type CoarseFrame, dot } from './coarse-frame.js'
import { steadiedDistance } from './frame-distance.js'

// Found on the development montages of bench/src/quality/montage.
// The two ends are different pictures: their correlation is at most this.
const ALIKE = 0.6
// Mean square of a value below which a picture is blank, so that nothing can be mixed with it.
const BLANK = 2 ** 2
// Share of the energy between the ends that their mix leaves unexplained. What moves is not explained, the less the longer it moves.
const RESIDUAL = { least: 0.1, perSecond: 0.08 } as const
// Detail between the ends over that of a passage without mixing. It is 2/3 for unrelated pictures and a steady mix, for the mean of
// w^2 + (1 - w)^2 is 2/3; whatever moves, detail stays where it is: 1.
const MIXED_DETAIL = 2 / 3
const DETAIL = 0.82
// Mean deviation of the weight from a steady one, and the largest part of its way that it takes at once: a cut takes all of it.
const UNSTEADY = 0.2
const STEP = 0.5
// In a dissolve the two weights add up to about 1, in a fade both are near 0 in the middle. Where the sum jumps, the light flickers.
const LEAST_SUM = 0.35
const FLICKER = 0.25
// Beyond its ends, a dissolve neither goes on nor goes back.
const ONWARD = 0.12
const BACK = 0.3
const QUALITY = 0.67
const LEAST_SAMPLES = 4
const MOST_POINTS = 32

/** A frame with its products with earlier ones, each computed once and only if it is needed. */
export class Sample {
  /** `#products[n]` is that with the sample n places earlier; not a number before it is computed. */
  readonly #products: Float64Array

  /** `places`: the number of earlier samples. */
  constructor(
    readonly frame: CoarseFrame,
    places: number,
  ) {
    this.#products = new Float64Array(places + 1).fill(Number.NaN)
  }

  product(earlier: Sample, places: number): number {
    const known = this.#products[places] ?? Number.NaN
    if (!Number.isNaN(known)) return known
    const product = dot(this.frame, earlier.frame)
    this.#products[places] = product
    return product
  }
}

/** Indices of the ends of a passage, and of samples outside it that must look like the nearer end. */
export interface Places {
  readonly before: number
  readonly start: number
  readonly end: number
  readonly after: number
}

/** A passage that looks like a dissolve. */
export interface Blend {
  readonly start: Seconds
  readonly end: Seconds
  /** Time of the first sample in which the later picture weighs more. */
  readonly middle: Seconds
  /** Between 0 and 1: how much like a dissolve it looks. */
  readonly quality: number
}

/** Measures how much the samples between two look like a mix of them; undefined when they do not. */
export function measureBlend(history: readonly Sample[], places: Places): Blend | undefined {
  const { start, end } = places
  const product = (a: number, b: number) => {
    const later = history[Math.max(a, b)]
    const earlier = history[Math.min(a, b)]
    return later && earlier ? later.product(earlier, Math.abs(a - b)) : 0
  }
  const [from, to] = [history[start]?.frame, history[end]?.frame]
  if (!from || !to || end - start < LEAST_SAMPLES) return undefined
  const ends: Ends = { aa: product(start, start), bb: product(end, end), ab: product(start, end) }
  const { aa, bb, ab } = ends
  const blank = BLANK * from.data.length
  if (aa < blank || bb < blank || ab > ALIKE * Math.sqrt(aa * bb)) return undefined
  const along = (place: number) => (product(place, end) - product(place, start) - ab + aa) / (aa + bb - 2 * ab)
  const [early, late] = [along(places.before), along(places.after)]
  if (early < -ONWARD || early > BACK || late > 1 + ONWARD || late < 1 - BACK) return undefined

  const stride = Math.max(1, Math.floor((end - start) / MOST_POINTS))
  let energy = 0
  let residual = 0
  let unsteady = 0
  let detail = 0
  let expected = 0
  let points = 0
  let last: Weights = { a: 1, b: 0 }
  let middle: Seconds | undefined
  for (let place = start + 1; place < end; place += stride) {
    const frame = history[place]?.frame
    if (!frame) return undefined
    const fit = fitWeights(ends, { square: product(place, place), a: product(place, start), b: product(place, end) })
    if (!isStep(last, fit)) return undefined
    last = fit
    const weight = weightOf(fit)
    if (weight >= 0.5) middle ??= frame.at
    const share = (frame.at - from.at) / (to.at - from.at)
    energy += product(place, place)
    residual += fit.residual
    unsteady += Math.abs(weight - share)
    detail += frame.detail
    expected += (1 - share) * from.detail + share * to.detail
    points += 1
  }
  const unexplained = RESIDUAL.least + RESIDUAL.perSecond * (to.at - from.at)
  if (residual > unexplained * energy || detail > DETAIL * expected || unsteady > UNSTEADY * points) return undefined
  if (1 - weightOf(last) > STEP) return undefined
  const quality = 1 - residual / energy - unsteady / points - Math.max(0, detail / expected - MIXED_DETAIL)
  // A camera that moves by a block or so mixes neighbouring blocks.
  if (quality < QUALITY || steadiedDistance(from.tiny, to.tiny) < 1 - ALIKE) return undefined
  return { start: from.at, end: to.at, middle: middle ?? to.at, quality }
}

interface Ends {
  readonly aa: number
  readonly bb: number
  readonly ab: number
}

interface Weights {
  readonly a: number
  readonly b: number
}

const weightOf = ({ a, b }: Weights) => b / (a + b)

/** Whether one mix can follow another in a dissolve. */
function isStep(last: Weights, { a, b }: Weights): boolean {
  if (a + b < LEAST_SUM || Math.abs(a + b - last.a - last.b) > FLICKER) return false
  return weightOf({ a, b }) - weightOf(last) <= STEP
}

/** The weights, not negative, with which the two ends come nearest to a sample, and the energy that they leave. */
function fitWeights(
  { aa, bb, ab }: Ends,
  sample: Weights & { readonly square: number },
): Weights & { residual: number } {
  const determinant = aa * bb - ab * ab
  let a = (sample.a * bb - sample.b * ab) / determinant
  let b = (sample.b * aa - sample.a * ab) / determinant
  if (a < 0) {
    a = 0
    b = Math.max(0, sample.b / bb)
  } else if (b < 0) {
    a = Math.max(0, sample.a / aa)
    b = 0
  }
  const residual = sample.square - 2 * (a * sample.a + b * sample.b) + a * a * aa + b * b * bb + 2 * a * b * ab
  return { a, b, residual }
}
