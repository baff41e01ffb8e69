import type { Box } from '@cuewire/protocol'

interface Boxed {
  readonly box: Box
}

/** Boxes whose heights overlap by this share of the lower one stand on one line. */
const SAME_LINE = 0.6
/** Parts of a line are at most this many line heights apart. */
const MAX_GAP = 0.8
/** Columns are at least this far apart, in widths of the picture. */
const MIN_GUTTER = 0.02

/** Joins boxes that are parts of one line, as detectors cut lines of large text between words. */
export function joinParts(boxes: readonly Box[]): Box[] {
  const joined: Box[] = []
  for (const box of boxes.toSorted((a, b) => a.x - b.x)) {
    const at = joined.findIndex(left => isNextTo(left, box))
    const left = joined[at]
    if (left) joined[at] = union(left, box)
    else joined.push(box)
  }
  return joined
}

function isNextTo(left: Box, right: Box): boolean {
  if (!isSameLine(left, right)) return false
  const low = Math.min(left.height, right.height)
  // Widths and heights are fractions of different lengths; wide pictures are the rule.
  const gap = right.x - (left.x + left.width)
  return gap <= (MAX_GAP * low) / ASPECT && Math.max(left.height, right.height) <= 1.6 * low
}

/** Width over height of a usual picture. */
const ASPECT = 16 / 9

function isSameLine(a: Box, b: Box): boolean {
  const shared = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return shared >= SAME_LINE * Math.min(a.height, b.height)
}

function union(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  }
}

/**
 * Sorts lines as they are read (recursive XY-cut, Nagy and Seth, 1984, with its cuts in the order that fits slides): the left column
 * before the right one where a gutter divides what is left, otherwise the topmost line first.
 */
export function inReadingOrder<T extends Boxed>(lines: readonly T[]): T[] {
  const ordered: T[] = []
  let rest = lines.toSorted((a, b) => a.box.y - b.box.y)
  for (let first = rest[0]; first; first = rest[0]) {
    const columns = splitAtGutter(rest)
    if (columns) return [...ordered, ...columns.flatMap(inReadingOrder)]
    const { box } = first
    ordered.push(...rest.filter(line => isSameLine(line.box, box)).sort((a, b) => a.box.x - b.box.x))
    rest = rest.filter(line => !isSameLine(line.box, box))
  }
  return ordered
}

/** The lines left and right of the first gutter that has several on both sides. */
function splitAtGutter<T extends Boxed>(lines: readonly T[]): [T[], T[]] | undefined {
  const sorted = lines.toSorted((a, b) => a.box.x - b.box.x)
  let edge = 0
  for (const [at, { box }] of sorted.entries()) {
    if (at >= 2 && sorted.length - at >= 2 && box.x - edge >= MIN_GUTTER) {
      const left = new Set(sorted.slice(0, at))
      return [lines.filter(line => left.has(line)), lines.filter(line => !left.has(line))]
    }
    edge = Math.max(edge, box.x + box.width)
  }
  return undefined
}
