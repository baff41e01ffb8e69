import type { Seconds } from '@cuewire/protocol'
import { distance, squaredDifference } from './frame-distance.js'
import type { TinyFrame } from './tiny-frame.js'

// Frames are looked at this often, so that the time a transition takes is known in samples at any frame rate.
const SAMPLE_SECONDS = 0.08
// Lengths of transitions looked for, in samples: 0.3 to 2.9 seconds.
const SPANS = [4, 6, 8, 12, 18, 26, 36] as const
const HISTORY = 36 + 5
// Samples beside a transition that must be at rest.
const MARGIN = 2
// The two shots are unlike, each frame between is their blend up to this share of their difference, and what comes
// before and after is at rest up to the other share.
const UNLIKE = 0.4
const RESIDUAL = 0.045
const REST = 0.08
// Between neighbouring samples a fade takes less than this share of its way; a cut takes all of it.
const LARGEST_STEP = 0.6

/** A gradual change of shot. */
export interface Dissolve {
  readonly start: Seconds
  readonly end: Seconds
  /** Time of the first sample in which the new shot weighs more than the old one. */
  readonly middle: Seconds
  /** The samples around its two ends, among them the blank ones of a fade. */
  readonly head: readonly TinyFrame[]
  readonly tail: readonly TinyFrame[]
}

interface Sample {
  readonly frame: TinyFrame
  /** Squared difference from the sample a margin before. */
  readonly unrest: number
}

/**
 * Finds dissolves and fades: stretches in which every frame is a blend (1 - w) A + w B of the frames at their two ends, with w
 * growing from 0 to 1. A moving camera or object makes no such blends, however much it changes the picture.
 */
export class DissolveDetector {
  #history: Sample[] = []
  #lastEnd = Number.NEGATIVE_INFINITY

  /** The dissolve that this frame made certain, if any. */
  push(frame: TinyFrame): Dissolve | undefined {
    const last = this.#history.at(-1)?.frame
    if (last && frame.at - last.at < SAMPLE_SECONDS - 0.001) return undefined
    const before = this.#history.at(-MARGIN)?.frame
    this.#history.push({ frame, unrest: before ? squaredDifference(before, frame) : 0 })
    if (this.#history.length > HISTORY) this.#history.shift()
    const found = this.#find()
    if (found) this.#lastEnd = found.end
    return found
  }

  #find(): Dissolve | undefined {
    const end = this.#history.length - 1 - MARGIN
    const to = this.#history[end]
    const after = this.#history.at(-1)
    for (const span of SPANS) {
      const from = this.#history[end - span]
      const before = this.#history[end - span - MARGIN]
      if (!from || !to || !before || !after || before.frame.at < this.#lastEnd) return undefined
      if (distance(from.frame, to.frame) < UNLIKE) continue
      const whole = squaredDifference(from.frame, to.frame)
      if (from.unrest > REST * whole || after.unrest > REST * whole) continue
      const middle = middleOfBlend(this.#frames(end - span + 1, end), { from: from.frame, to: to.frame, whole })
      if (!middle) continue
      const head = this.#frames(end - span - MARGIN, end - span + 1)
      return { start: from.frame.at, end: to.frame.at, middle: middle.at, head, tail: this.#frames(end) }
    }
    return undefined
  }

  #frames(start: number, end?: number): TinyFrame[] {
    return this.#history.slice(start, end).map(({ frame }) => frame)
  }
}

interface Ends {
  readonly from: TinyFrame
  readonly to: TinyFrame
  readonly whole: number
}

/** The first frame of a blend that is more `to` than `from`; undefined when the frames are no blend. */
function middleOfBlend(between: readonly TinyFrame[], ends: Ends): TinyFrame | undefined {
  let weight = 0
  let inside = 0
  let residuals = 0
  let middle: TinyFrame | undefined
  for (const frame of between) {
    const blend = blendOf(frame, ends)
    const step = blend.weight - weight
    if (step < -0.1 || step > LARGEST_STEP) return undefined
    weight = blend.weight
    residuals += blend.residual
    if (residuals > RESIDUAL * between.length) return undefined
    if (weight > 0.1 && weight < 0.9) inside += 1
    if (weight >= 0.5) middle ??= frame
  }
  if (1 - weight > LARGEST_STEP || inside < 2) return undefined
  return middle ?? ends.to
}

/** How much of `to` is in a frame, and what share of the difference between the ends that leaves unexplained. */
function blendOf(frame: TinyFrame, { from, to, whole }: Ends): { weight: number; residual: number } {
  let along = 0
  let squares = 0
  for (let index = 0; index < frame.data.length; index++) {
    const start = from.data[index] ?? 0
    const gone = (frame.data[index] ?? 0) - start
    along += gone * ((to.data[index] ?? 0) - start)
    squares += gone * gone
  }
  const weight = along / whole
  return { weight, residual: Math.max(0, squares - weight * along) / whole }
}
