import { type TinyFrame, tinyFrame } from '@cuewire/server/domain/processing/shots/tiny-frame.js'
import type { FoundBoundary } from './score.js'

/** A simple way to find cuts: takes the frames in order, then gives what it found. */
export interface Baseline {
  push(at: number, data: Uint8Array): void
  finish(): FoundBoundary[]
}

export const BASELINES: Readonly<Record<string, () => Baseline>> = {
  histogram: () => fixedHistogram(),
  adaptive: () => adaptiveContent(),
}

const BINS = 8
const HISTOGRAM_THRESHOLD = 0.35

/** A cut wherever the colour histogram changes by a fixed share. */
function fixedHistogram(): Baseline {
  const found: FoundBoundary[] = []
  let last: Float64Array | undefined
  const push = (at: number, data: Uint8Array) => {
    const histogram = new Float64Array(3 * BINS)
    for (const [index, value] of data.entries()) {
      const bin = (index % 3) * BINS + ((value * BINS) >> 8)
      histogram[bin] = (histogram[bin] ?? 0) + 1 / data.length
    }
    const before = last
    const change = before ? histogram.reduce((sum, share, bin) => sum + Math.abs(share - (before[bin] ?? 0)), 0) / 2 : 0
    if (change > HISTOGRAM_THRESHOLD) found.push({ at, type: 'cut' })
    last = histogram
  }
  return { push, finish: () => found }
}

// The defaults of PySceneDetect 0.6: AdaptiveDetector(adaptive_threshold=3, window_width=2, min_content_val=15).
const ADAPTIVE_RATIO = 3
const WINDOW_FRAMES = 2
const LEAST_CONTENT = 15

/** A cut where the mean change of hue, saturation and value stands out from that of the frames around. */
function adaptiveContent(): Baseline {
  const changes: { readonly at: number; readonly content: number }[] = []
  let last: Float32Array | undefined
  const push = (at: number, data: Uint8Array) => {
    const hsv = hsvOf(tinyFrame(at, data))
    const before = last
    const content = before ? hsv.reduce((sum, value, index) => sum + Math.abs(value - (before[index] ?? 0)), 0) : 0
    changes.push({ at, content: content / hsv.length })
    last = hsv
  }
  const stands = (index: number) => {
    const content = changes[index]?.content ?? 0
    const around = [
      ...changes.slice(index - WINDOW_FRAMES, index),
      ...changes.slice(index + 1, index + 1 + WINDOW_FRAMES),
    ]
    const mean = around.reduce((sum, change) => sum + change.content, 0) / around.length
    return content >= LEAST_CONTENT && content >= ADAPTIVE_RATIO * mean
  }
  const finish = () =>
    changes.flatMap(({ at }, index): FoundBoundary[] =>
      index >= WINDOW_FRAMES && index < changes.length - WINDOW_FRAMES && stands(index) ? [{ at, type: 'cut' }] : [],
    )
  return { push, finish }
}

/** Hue 0..179, saturation and value 0..255 of each pixel, as in OpenCV. */
function hsvOf({ data }: TinyFrame): Float32Array {
  const hsv = new Float32Array(data.length)
  for (let at = 0; at < data.length; at += 3) {
    const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]
    const value = Math.max(red, green, blue)
    const range = value - Math.min(red, green, blue)
    let hue = 0
    if (range > 0 && value === red) hue = ((green - blue) / range) * 30
    else if (range > 0 && value === green) hue = 60 + ((blue - red) / range) * 30
    else if (range > 0) hue = 120 + ((red - green) / range) * 30
    hsv.set([hue < 0 ? hue + 180 : hue, value === 0 ? 0 : (255 * range) / value, value], at)
  }
  return hsv
}
