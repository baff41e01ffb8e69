import { squaredDifference } from './frame-distance.js'
import { TINY, type TinyFrame } from './tiny-frame.js'

const CHANGED_LEVELS = 8
// A row or column with fewer changed pixels has noise in it.
const LEAST_PIXELS = 3
// Where subtitles are.
const FOOT = 0.3
const PIXELS = TINY.width * TINY.height
const FOOT_ROW = Math.round((1 - FOOT) * TINY.height)
const FOOT_PIXELS = Array.from({ length: PIXELS - FOOT_ROW * TINY.width }, (_, at) => FOOT_ROW * TINY.width + at)

/** Where two pictures differ. */
export interface ChangedArea {
  /** The largest patch of pixels next to each other that differ, beside which there may be noise and small movements. */
  readonly patch: Patch
  /** Share of the squared change that lies at the foot of the picture. */
  readonly footEnergy: number
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
  const energy = Math.max(1, squaredDifference(a, b))
  return {
    area: inside / PIXELS,
    filled: inside === 0 ? 1 : Math.min(1, changed / inside),
    pixels: changed / PIXELS,
    patch: patchOf(a, b, largestPatch(differing), energy),
    footEnergy: squaredChange(a, b, FOOT_PIXELS) / energy,
  }
}

function patchOf(a: TinyFrame, b: TinyFrame, pixels: readonly number[], energy: number): Patch {
  const rows = pixels.map(at => Math.floor(at / TINY.width))
  const columns = pixels.map(at => at % TINY.width)
  const area = lengthOf(rows) * lengthOf(columns)
  return {
    area: area / PIXELS,
    filled: area === 0 ? 1 : pixels.length / area,
    energy: squaredChange(a, b, pixels) / energy,
  }
}

/** The most pixels that differ and hang together; all that differ are cleared. */
function largestPatch(differing: Uint8Array): readonly number[] {
  let largest: readonly number[] = []
  for (let start = differing.indexOf(1); start >= 0; start = differing.indexOf(1, start)) {
    const patch = takePatch(differing, start)
    if (patch.length > largest.length) largest = patch
  }
  return largest
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

/** Sum of the squared differences of some pixels. */
function squaredChange(a: TinyFrame, b: TinyFrame, pixels: readonly number[]): number {
  let sum = 0
  for (const pixel of pixels) {
    for (let at = pixel * 3; at < pixel * 3 + 3; at++) sum += ((a.data[at] ?? 0) - (b.data[at] ?? 0)) ** 2
  }
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
