import { TINY, type TinyFrame } from './tiny-frame.js'

const CHANGED_LEVELS = 8
// A row or column with fewer changed pixels has noise in it.
const LEAST_PIXELS = 3

/** Where two pictures differ. */
export interface ChangedArea {
  /** Area of the smallest rectangle that holds what differs, as a share of the picture. */
  readonly area: number
  /** Share of the pixels in that rectangle that differ: nearly all for an inset, few for text on an even background; 1 if
   * the rectangle is empty. */
  readonly filled: number
  /** Share of all pixels that differ. */
  readonly pixels: number
}

export function changedArea(a: TinyFrame, b: TinyFrame): ChangedArea {
  const rows = new Uint8Array(TINY.height)
  const columns = new Uint8Array(TINY.width)
  let changed = 0
  for (let row = 0, at = 0; row < TINY.height; row++) {
    for (let column = 0; column < TINY.width; column++, at += 3) {
      if (!differs(a, b, at)) continue
      rows[row] = (rows[row] ?? 0) + 1
      columns[column] = (columns[column] ?? 0) + 1
      changed += 1
    }
  }
  const all = TINY.width * TINY.height
  const inside = extent(rows) * extent(columns)
  return { area: inside / all, filled: inside === 0 ? 1 : Math.min(1, changed / inside), pixels: changed / all }
}

const differs = (a: TinyFrame, b: TinyFrame, at: number) =>
  Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0)) > CHANGED_LEVELS ||
  Math.abs((a.data[at + 1] ?? 0) - (b.data[at + 1] ?? 0)) > CHANGED_LEVELS ||
  Math.abs((a.data[at + 2] ?? 0) - (b.data[at + 2] ?? 0)) > CHANGED_LEVELS

function extent(counts: Uint8Array): number {
  const first = counts.findIndex(count => count >= LEAST_PIXELS)
  return first < 0 ? 0 : counts.findLastIndex(count => count >= LEAST_PIXELS) - first + 1
}
