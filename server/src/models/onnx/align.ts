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
  for (let frame = 0; frame < frames; frame += 1) {
    const at = head * frames + frame
    let sum = 0
    let squares = 0
    for (const { data } of steps) {
      const value = data[at] ?? 0
      sum += value
      squares += value * value
    }
    const mean = sum / steps.length
    const deviation = Math.sqrt(Math.max(0, squares / steps.length - mean * mean)) || 1
    rows.forEach((row, step) => {
      row[frame] = ((steps[step]?.data[at] ?? 0) - mean) / deviation
    })
  }
}

/** The median of `width` values around each, the ends mirrored. */
export function medianFilter(values: Float64Array, width: number): Float64Array {
  const half = (width - 1) / 2
  const last = values.length - 1
  // Too short to mirror: there is nothing to smooth.
  if (last < half) return values
  const window = new Float64Array(width)
  return values.map((_, at) => {
    for (let offset = -half; offset <= half; offset += 1) {
      const index = Math.abs(at + offset)
      window[offset + half] = values[index > last ? 2 * last - index : index] ?? 0
    }
    return insertionSort(window)[half] ?? 0
  })
}

function insertionSort(values: Float64Array): Float64Array {
  for (let i = 1; i < values.length; i += 1) {
    const value = values[i] ?? 0
    let j = i - 1
    while (j >= 0 && (values[j] ?? 0) > value) {
      values[j + 1] = values[j] ?? 0
      j -= 1
    }
    values[j + 1] = value
  }
  return values
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
