import type { Box } from '@cuewire/protocol'

/** Cells across and down. In a 720p picture a cell is 20 pixels wide and high, about a letter of small text. */
export const COLUMNS = 64
const ROWS = 36
/** Difference of brightness over two pixels, of 219, that counts as an edge. Motion blur and haze stay below. */
const EDGE = 34
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

/** The brightness of the pixels of a picture, row by row. It may be followed by their colours. */
interface Brightness {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

export function edgeGrid({ width, height, data: luma }: Brightness): EdgeGrid {
  const edges = new Uint32Array(CELLS)
  const samples = new Uint32Array(CELLS)
  const starts = Uint32Array.from({ length: COLUMNS + 1 }, (_, column) => Math.ceil((column * width) / COLUMNS))
  for (let y = 0; y < height; y += LINE_STEP) {
    const firstCell = Math.floor((y * ROWS) / height) * COLUMNS
    const line = y * width
    for (let column = 0; column < COLUMNS; column += 1) {
      const from = Math.max(1, starts[column] ?? 0)
      const to = Math.min(width - 1, starts[column + 1] ?? 0)
      let count = 0
      for (let at = line + from; at < line + to; at += 1) {
        const step = (luma[at + 1] ?? 0) - (luma[at - 1] ?? 0)
        if (step > EDGE || step < -EDGE) count += 1
      }
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
