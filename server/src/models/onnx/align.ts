/** Cross-attentions of one decoding step: one row of `frames` values for each head, heads one after the other. */
export interface AttentionStep {
  readonly heads: number
  readonly frames: number
  readonly data: Float32Array
}

const MEDIAN_WIDTH = 7

/**
 * First frame of each decoding step. As in Whisper's word timing (openai/whisper, timing.py): the attentions are
 * standardised over the steps, smoothed by a median filter over the frames, averaged over the heads, and the steps are
 * aligned to the frames by dynamic time warping. Every head is used, since none is known to be better.
 */
export function alignSteps(steps: readonly AttentionStep[]): number[] {
  const { heads = 0, frames = 0 } = steps[0] ?? {}
  const weights = new Float64Array(steps.length * frames)
  const rows = steps.map(() => new Float64Array(frames))
  for (let head = 0; head < heads; head += 1) {
    standardise(steps, head, rows)
    rows.forEach((row, step) => {
      const smooth = medianFilter(row, MEDIAN_WIDTH)
      for (let frame = 0; frame < frames; frame += 1) {
        weights[step * frames + frame] = (weights[step * frames + frame] ?? 0) + (smooth[frame] ?? 0) / heads
      }
    })
  }
  return warp(weights, steps.length, frames)
}

/** Writes one head's attentions into `rows`, with mean 0 and deviation 1 over the steps in each frame. */
function standardise(steps: readonly AttentionStep[], head: number, rows: readonly Float64Array[]): void {
  const frames = steps[0]?.frames ?? 0
  const start = head * frames
  const sums = new Float64Array(frames)
  const squares = new Float64Array(frames)
  for (const { data } of steps) {
    for (let frame = 0; frame < frames; frame += 1) {
      const value = data[start + frame] ?? 0
      sums[frame] = (sums[frame] ?? 0) + value
      squares[frame] = (squares[frame] ?? 0) + value * value
    }
  }
  const means = sums.map(sum => sum / steps.length)
  const scales = squares.map((square, frame) => {
    const mean = means[frame] ?? 0
    return 1 / (Math.sqrt(Math.max(0, square / steps.length - mean * mean)) || 1)
  })
  steps.forEach(({ data }, step) => {
    const row = rows[step]
    if (!row) return
    for (let frame = 0; frame < frames; frame += 1) {
      row[frame] = ((data[start + frame] ?? 0) - (means[frame] ?? 0)) * (scales[frame] ?? 0)
    }
  })
}

/** The median of `width` values around each, the ends mirrored. */
export function medianFilter(values: Float64Array, width: number): Float64Array {
  const half = (width - 1) / 2
  const last = values.length - 1
  // Too short to mirror: there is nothing to smooth.
  if (last < half) return values
  const mirrored = (at: number) => values[at < 0 ? -at : at > last ? 2 * last - at : at] ?? 0
  const smooth = new Float64Array(values.length)
  const window = Float64Array.from({ length: width }, (_, offset) => mirrored(offset - half)).sort()
  smooth[0] = window[half] ?? 0
  for (let at = 1; at <= last; at += 1) {
    replace(window, mirrored(at - half - 1), mirrored(at + half))
    smooth[at] = window[half] ?? 0
  }
  return smooth
}

/** Takes a value out of sorted values, which hold it, and puts another in its place in the order. */
function replace(sorted: Float64Array, former: number, value: number): void {
  let at = 0
  while (at + 1 < sorted.length && (sorted[at] ?? 0) !== former) at += 1
  for (; at + 1 < sorted.length && (sorted[at + 1] ?? 0) < value; at += 1) sorted[at] = sorted[at + 1] ?? 0
  for (; at > 0 && (sorted[at - 1] ?? 0) > value; at -= 1) sorted[at] = sorted[at - 1] ?? 0
  sorted[at] = value
}

const DIAGONAL = 0
const NEXT_STEP = 1
const NEXT_FRAME = 2

/** The monotonic path of greatest weight through steps x frames; returns the first frame of each step on it. */
function warp(weights: Float64Array, steps: number, frames: number): number[] {
  const width = frames + 1
  const cost = new Float64Array((steps + 1) * width).fill(Number.POSITIVE_INFINITY)
  const move = new Uint8Array((steps + 1) * width)
  cost[0] = 0
  for (let step = 1; step <= steps; step += 1) {
    for (let frame = 1; frame <= frames; frame += 1) {
      const at = step * width + frame
      const diagonal = cost[at - width - 1] ?? 0
      const nextStep = cost[at - width] ?? 0
      const nextFrame = cost[at - 1] ?? 0
      const least = Math.min(diagonal, nextStep, nextFrame)
      move[at] = least === diagonal ? DIAGONAL : least === nextStep ? NEXT_STEP : NEXT_FRAME
      cost[at] = least - (weights[(step - 1) * frames + frame - 1] ?? 0)
    }
  }
  const first = new Array<number>(steps).fill(0)
  let step = steps
  let frame = frames
  while (step > 0 && frame > 0) {
    first[step - 1] = frame - 1
    const taken = move[step * width + frame]
    if (taken !== NEXT_FRAME) step -= 1
    if (taken !== NEXT_STEP) frame -= 1
  }
  return first
}
