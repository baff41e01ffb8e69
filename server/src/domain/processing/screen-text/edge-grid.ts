import type { Box } from '@cuewire/protocol'
import type { RgbImage } from '../../../models/models.js'

/** Cells across and down. In a 720p picture a cell is 20 pixels wide and high, about a letter of small text. */
export const COLUMNS = 64
const ROWS = 36
/** Difference of brightness over two pixels, of 255, that counts as an edge. Motion blur and haze stay below. */
const EDGE = 40
/** Every second line suffices, as letters have edges on many. */
const LINE_STEP = 2
/** A share of 1 as a cell holds it. */
const FULL = 254
/** Cells with fewer edges are not taken for text. */
const TEXT_SHARE = 0.06 * FULL
/** Difference that compression makes between two pictures of the same thing: of all samples, or of the edges. */
const NOISE_SHARE = 0.04 * FULL
const NOISE_OF_EDGES = 0.25

/** The share of edge pixels in each cell of a picture, 0..254: text has many, at the same place while it is shown. */
export type EdgeGrid = Uint8Array

export const CELLS = COLUMNS * ROWS

export function edgeGrid({ width, height, data }: RgbImage): EdgeGrid {
  const edges = new Uint32Array(CELLS)
  const samples = new Uint32Array(CELLS)
  const starts = Uint32Array.from({ length: COLUMNS + 1 }, (_, column) => Math.ceil((column * width) / COLUMNS))
  const luma = new Uint8Array(width)
  for (let y = 0; y < height; y += LINE_STEP) {
    const firstCell = Math.floor((y * ROWS) / height) * COLUMNS
    for (let x = 0, at = y * width * 3; x < width; x += 1, at += 3)
      // BT.601 luma in eighths, as elsewhere.
      luma[x] = (2 * (data[at] ?? 0) + 5 * (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) >> 3
    for (let column = 0; column < COLUMNS; column += 1) {
      const from = Math.max(1, starts[column] ?? 0)
      const to = Math.min(width - 1, starts[column + 1] ?? 0)
      let count = 0
      for (let x = from; x < to; x += 1) if (Math.abs((luma[x + 1] ?? 0) - (luma[x - 1] ?? 0)) > EDGE) count += 1
      const cell = firstCell + column
      edges[cell] = (edges[cell] ?? 0) + count
      samples[cell] = (samples[cell] ?? 0) + Math.max(0, to - from)
    }
  }
  return Uint8Array.from(edges, (count, cell) => Math.round((FULL * count) / Math.max(1, samples[cell] ?? 0)))
}

/** Whether a cell may hold text. */
export function mayHoldText(share: number): boolean {
  return share >= TEXT_SHARE
}

/** Whether two shares can be of the same picture. */
export function isSameCell(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(NOISE_SHARE, NOISE_OF_EDGES * Math.max(a, b))
}

/** The numbers of the cells that a box touches. */
export function cellsOf({ x, y, width, height }: Box): number[] {
  const cells: number[] = []
  const lastRow = Math.min(ROWS - 1, Math.floor((y + height) * ROWS))
  const lastColumn = Math.min(COLUMNS - 1, Math.floor((x + width) * COLUMNS))
  for (let row = Math.floor(y * ROWS); row <= lastRow; row += 1)
    for (let column = Math.floor(x * COLUMNS); column <= lastColumn; column += 1) cells.push(row * COLUMNS + column)
  return cells
}
