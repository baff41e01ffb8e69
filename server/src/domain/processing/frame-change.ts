import type { RgbImage } from '../../models/models.js'

/** Side of the grid to which a picture is reduced for comparison. */
const GRID = 32
/** Samples along each side of a cell. */
const TAPS = 4
/** A cell that differs by more than this, of 255, means motion; averaged noise and compression stay below. */
const CELL_THRESHOLD = 10
/** A picture whose mean differs by more has also changed, as in a slow fade. */
const MEAN_THRESHOLD = 2
/** In a blank picture no cell differs from the mean by more. */
const BLANK_THRESHOLD = 8

/** Mean brightness of each cell of a 32 x 32 grid laid over the picture. */
export function signature(image: RgbImage): Uint8Array {
  const cells = new Uint8Array(GRID * GRID)
  for (let row = 0; row < GRID; row += 1) {
    for (let column = 0; column < GRID; column += 1) {
      cells[row * GRID + column] = meanLuma(image, row, column)
    }
  }
  return cells
}

/** Whether two pictures look the same, by their signatures. */
export function unchanged(former: Uint8Array, now: Uint8Array): boolean {
  let sum = 0
  for (let i = 0; i < now.length; i += 1) {
    const difference = Math.abs((former[i] ?? 0) - (now[i] ?? 0))
    if (difference > CELL_THRESHOLD) return false
    sum += difference
  }
  return sum / now.length <= MEAN_THRESHOLD
}

/** Whether a picture shows nothing: each part of it is as bright as the whole. */
export function isBlank(cells: Uint8Array): boolean {
  const mean = cells.reduce((sum, cell) => sum + cell, 0) / cells.length
  return cells.every(cell => Math.abs(cell - mean) <= BLANK_THRESHOLD)
}

function meanLuma(image: RgbImage, row: number, column: number): number {
  let sum = 0
  for (let i = 0; i < TAPS; i += 1) {
    const y = Math.floor(((row + (i + 0.5) / TAPS) * image.height) / GRID)
    for (let j = 0; j < TAPS; j += 1) {
      const x = Math.floor(((column + (j + 0.5) / TAPS) * image.width) / GRID)
      const at = (y * image.width + x) * 3
      // BT.601 luma in eighths: exact enough for a comparison, and without floating point.
      sum += (2 * (image.data[at] ?? 0) + 5 * (image.data[at + 1] ?? 0) + (image.data[at + 2] ?? 0)) >> 3
    }
  }
  return Math.round(sum / (TAPS * TAPS))
}
