import { squaredDifference } from './frame-distance.js'
import { TINY, type TinyFrame } from './tiny-frame.js'

const CHANGED_LEVELS = 8
// A row or column with fewer changed pixels has noise in it.
const LEAST_PIXELS = 3
const PIXELS = TINY.width * TINY.height

/** Where two pictures differ. */
export interface ChangedArea {
  /** The largest patch of pixels next to each other that differ, beside which there may be noise and small movements. */
  readonly patch: Patch
  /** Area of the smallest rectangle that holds what differs, as a share of the picture. */
  readonly area: number
  /** Share of the pixels in that rectangle that differ: nearly all for an inset, few for text on an even background; 1 if
   * the rectangle is empty. */
  readonly filled: number
  /** Share of all pixels that differ. */
  readonly pixels: number
}

interface Patch {
  /** Area of the smallest rectangle that holds it, as a share of the picture. */
  readonly area: number
  /** Share of the pixels in that rectangle that belong to it. */
  readonly filled: number
  /** Share of the squared change of the whole picture that lies in it. */
  readonly energy: number
}

export function changedArea(a: TinyFrame, b: TinyFrame): ChangedArea {
  const rows = new Uint8Array(TINY.height)
  const columns = new Uint8Array(TINY.width)
  const differing = new Uint8Array(PIXELS)
  let changed = 0
  for (let row = 0, at = 0; row < TINY.height; row++) {
    for (let column = 0; column < TINY.width; column++, at++) {
      if (!differs(a, b, at * 3)) continue
      differing[at] = 1
      rows[row] = (rows[row] ?? 0) + 1
      columns[column] = (columns[column] ?? 0) + 1
      changed += 1
    }
  }
  const inside = extent(rows) * extent(columns)
  return {
    area: inside / PIXELS,
    filled: inside === 0 ? 1 : Math.min(1, changed / inside),
    pixels: changed / PIXELS,
    patch: largestPatch(a, b, differing),
  }
}

/** Share of the squared change that lies below a height, given from the top as a share of the picture. */
export function energyBelow(a: TinyFrame, b: TinyFrame, top: number): number {
  let sum = 0
  for (let at = Math.round(top * TINY.height) * TINY.width; at < PIXELS; at++) sum += squaredChange(a, b, at * 3)
  return sum / Math.max(1, squaredDifference(a, b))
}

/** Consumes the pixels that differ. */
function largestPatch(a: TinyFrame, b: TinyFrame, differing: Uint8Array): Patch {
  let largest: readonly number[] = []
  for (let start = differing.indexOf(1); start >= 0; start = differing.indexOf(1, start)) {
    const patch = takePatch(differing, start)
    if (patch.length > largest.length) largest = patch
  }
  const rows = largest.map(at => Math.floor(at / TINY.width))
  const columns = largest.map(at => at % TINY.width)
  const area = lengthOf(rows) * lengthOf(columns)
  const energy = largest.reduce((sum, at) => sum + squaredChange(a, b, at * 3), 0)
  return {
    area: area / PIXELS,
    filled: area === 0 ? 1 : largest.length / area,
    energy: energy / Math.max(1, squaredDifference(a, b)),
  }
}

/** The pixels that differ and hang together with one; they are cleared. */
function takePatch(differing: Uint8Array, start: number): number[] {
  const patch = [start]
  differing[start] = 0
  // The patch grows while it is gone through.
  for (const at of patch) {
    const column = at % TINY.width
    const near = [at - TINY.width, at + TINY.width, column > 0 ? at - 1 : -1, column < TINY.width - 1 ? at + 1 : -1]
    for (const next of near) {
      if (differing[next] !== 1) continue
      differing[next] = 0
      patch.push(next)
    }
  }
  return patch
}

const lengthOf = (places: readonly number[]) =>
  places.length === 0 ? 0 : Math.max(...places) - Math.min(...places) + 1

function squaredChange(a: TinyFrame, b: TinyFrame, at: number): number {
  let sum = 0
  for (let index = at; index < at + 3; index++) sum += ((a.data[index] ?? 0) - (b.data[index] ?? 0)) ** 2
  return sum
}

const differs = (a: TinyFrame, b: TinyFrame, at: number) =>
  Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0)) > CHANGED_LEVELS ||
  Math.abs((a.data[at + 1] ?? 0) - (b.data[at + 1] ?? 0)) > CHANGED_LEVELS ||
  Math.abs((a.data[at + 2] ?? 0) - (b.data[at + 2] ?? 0)) > CHANGED_LEVELS

function extent(counts: Uint8Array): number {
  const first = counts.findIndex(count => count >= LEAST_PIXELS)
  return first < 0 ? 0 : counts.findLastIndex(count => count >= LEAST_PIXELS) - first + 1
}
