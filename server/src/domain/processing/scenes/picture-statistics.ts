import { COLOURS } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import type { RgbImage } from '../../../models/models.js'
import { colourIndex } from './colour-table.js'

/** Samples across and down, of pictures that have as many pixels. Each is a pixel with its right and lower neighbours. */
const COLUMNS = 128
const ROWS = 72
/** Samples along each side of a cell, in which text is looked for. */
const CELL = 8
/** Largest difference of a channel between neighbours that still counts as the same colour: compression stays below. */
const FLAT = 4
/** Difference from which an edge is as sharp as those of letters and drawings. */
const STEP = 48
/** Bits of a channel that tell colours apart when they are counted. */
const BITS = 4
/** A pixel belongs to the ground when no channel differs by more from it. */
const GROUND = 12
/** Colours that cover most of a drawing. */
const MAIN_COLOURS = 8
/** Letters fill some of a cell, and the ground shows between them. */
const TEXT = { leastSteps: 0.06, mostSteps: 0.6, leastFlat: 0.2 }
/** Sky is smooth, and begins at the upper edge. */
const SKY = { roughness: 14, luma: 90, mostRows: 0.85 }

const Share = Type.Number({ minimum: 0, maximum: 1 })

/** Statistics of one picture. Shares are of the picture, 0..1, with three decimals. */
export const PictureStatistics = Type.Object({
  /** Mean brightness and its 90th percentile, 0..255. */
  luma: Type.Number(),
  light: Type.Number(),
  /** Pixels like their neighbours. */
  flat: Share,
  /** Pixels at a sharp edge. */
  steps: Share,
  /** Pixels at an edge that is not sharp: texture, shading and blur. */
  soft: Share,
  /** Pixels of the most frequent colour. */
  ground: Share,
  /** Standard deviation of the brightness of these pixels, 0..255. */
  groundSpread: Type.Number(),
  /** Pixels of the eight most frequent colours, at 16 levels a channel. */
  mainColours: Share,
  /** Cells that look like text. */
  text: Share,
  /** Smooth blue area from the upper edge down. White ceilings and walls look like clouds, so these do not count. */
  sky: Share,
  /** Textured green, as of leaves and grass. */
  greenery: Share,
  /** Share of each of `COLOURS`. */
  colours: Type.Array(Share, { minItems: COLOURS.length, maxItems: COLOURS.length }),
})
export type PictureStatistics = Static<typeof PictureStatistics>

/** What is measured of tiny pictures as well: enough for light and colours. */
export const PictureLook = Type.Pick(PictureStatistics, ['luma', 'light', 'sky', 'colours'])
export type PictureLook = Static<typeof PictureLook>

const BLUE = COLOURS.indexOf('blue')
const GREEN = COLOURS.indexOf('green')

/** Measures a picture of at least 2 x 2 pixels at a grid of samples, so that the time does not depend on its size. */
export function pictureStatistics(image: RgbImage): PictureStatistics {
  const { width, height, data } = image
  const [columns, rows] = [Math.min(COLUMNS, width), Math.min(ROWS, height)]
  const samples = columns * rows
  const cellColumns = Math.ceil(columns / CELL)
  const cells = cellColumns * Math.ceil(rows / CELL)
  const lumas = new Uint32Array(256)
  const bins = new Uint32Array(1 << (3 * BITS))
  const colours = new Uint32Array(COLOURS.length)
  const pixels = new Uint8Array(3 * samples)
  const stepsOf = new Uint8Array(cells)
  const flatsOf = new Uint8Array(cells)
  const skyDepth = new Uint8Array(columns)
  let flat = 0
  let steps = 0
  let luma = 0
  let greenery = 0
  let sky = 0
  for (let row = 0, sample = 0; row < rows; row += 1) {
    const y = Math.min(height - 2, Math.floor(((row + 0.5) * height) / rows))
    const cellRow = Math.floor(row / CELL) * cellColumns
    for (let column = 0; column < columns; column += 1, sample += 1) {
      const x = Math.min(width - 2, Math.floor(((column + 0.5) * width) / columns))
      const at = (y * width + x) * 3
      const red = data[at] ?? 0
      const green = data[at + 1] ?? 0
      const blue = data[at + 2] ?? 0
      pixels[3 * sample] = red
      pixels[3 * sample + 1] = green
      pixels[3 * sample + 2] = blue
      const edge = Math.max(difference(data, at, at + 3), difference(data, at, at + 3 * width))
      const cell = cellRow + Math.floor(column / CELL)
      if (edge <= FLAT) {
        flat += 1
        flatsOf[cell] = (flatsOf[cell] ?? 0) + 1
      } else if (edge >= STEP) {
        steps += 1
        stepsOf[cell] = (stepsOf[cell] ?? 0) + 1
      }
      // BT.601 luma in eighths, as elsewhere.
      const bright = (2 * red + 5 * green + blue) >> 3
      luma += bright
      lumas[bright] = (lumas[bright] ?? 0) + 1
      const bin = ((red >> BITS) << (2 * BITS)) | ((green >> BITS) << BITS) | (blue >> BITS)
      bins[bin] = (bins[bin] ?? 0) + 1
      const colour = colourIndex(red, green, blue)
      colours[colour] = (colours[colour] ?? 0) + 1
      if (colour === GREEN && edge > FLAT) greenery += 1
      const isSmoothBlue = colour === BLUE && bright >= SKY.luma && edge <= SKY.roughness
      if (isSmoothBlue && skyDepth[column] === row && row < SKY.mostRows * rows) {
        sky += 1
        skyDepth[column] = row + 1
      }
    }
  }
  const ground = groundOf(pixels, bins)
  const share = (count: number) => rounded(count / samples)
  return {
    luma: Math.round(luma / samples),
    light: percentile(lumas, 0.9 * samples),
    flat: share(flat),
    steps: share(steps),
    soft: share(samples - flat - steps),
    ground: share(ground.count),
    groundSpread: rounded(ground.spread),
    mainColours: share(sum(greatest(bins, MAIN_COLOURS))),
    text: rounded(textCells(stepsOf, flatsOf) / cells),
    sky: share(sky),
    greenery: share(greenery),
    colours: [...colours].map(share),
  }
}

/** The largest difference of a channel between the pixels at two places. */
function difference(data: Uint8Array, a: number, b: number): number {
  const red = Math.abs((data[a] ?? 0) - (data[b] ?? 0))
  const green = Math.abs((data[a + 1] ?? 0) - (data[b + 1] ?? 0))
  const blue = Math.abs((data[a + 2] ?? 0) - (data[b + 2] ?? 0))
  return red > green ? Math.max(red, blue) : Math.max(green, blue)
}

/** The samples near the mean colour of the fullest bin. */
function groundOf(pixels: Uint8Array, bins: Uint32Array): { readonly count: number; readonly spread: number } {
  let fullest = 0
  for (let bin = 1; bin < bins.length; bin += 1) if ((bins[bin] ?? 0) > (bins[fullest] ?? 0)) fullest = bin
  let meanRed = 0
  let meanGreen = 0
  let meanBlue = 0
  const inBin = bins[fullest] ?? 1
  for (let at = 0; at < pixels.length; at += 3) {
    const red = pixels[at] ?? 0
    const green = pixels[at + 1] ?? 0
    const blue = pixels[at + 2] ?? 0
    if ((((red >> BITS) << (2 * BITS)) | ((green >> BITS) << BITS) | (blue >> BITS)) !== fullest) continue
    meanRed += red / inBin
    meanGreen += green / inBin
    meanBlue += blue / inBin
  }
  let count = 0
  let total = 0
  let squares = 0
  for (let at = 0; at < pixels.length; at += 3) {
    const red = pixels[at] ?? 0
    const green = pixels[at + 1] ?? 0
    const blue = pixels[at + 2] ?? 0
    if (Math.abs(red - meanRed) > GROUND) continue
    if (Math.abs(green - meanGreen) > GROUND || Math.abs(blue - meanBlue) > GROUND) continue
    const bright = (2 * red + 5 * green + blue) / 8
    count += 1
    total += bright
    squares += bright * bright
  }
  const variance = count === 0 ? 0 : squares / count - (total / count) ** 2
  return { count, spread: Math.sqrt(Math.max(0, variance)) }
}

function textCells(steps: Uint8Array, flats: Uint8Array): number {
  const full = CELL ** 2
  return steps.reduce((count, step, cell) => {
    const isText =
      step >= TEXT.leastSteps * full && step <= TEXT.mostSteps * full && (flats[cell] ?? 0) >= TEXT.leastFlat * full
    return isText ? count + 1 : count
  }, 0)
}

/** The first place of a histogram up to which it counts so many. */
function percentile(histogram: Uint32Array, wanted: number): number {
  let seen = 0
  return histogram.findIndex(count => {
    seen += count
    return seen >= wanted
  })
}

/** The `most` greatest counts. */
function greatest(counts: Uint32Array, most: number): number[] {
  const found: number[] = []
  for (const count of counts) {
    if (count <= (found.length < most ? 0 : (found.at(-1) ?? 0))) continue
    if (found.length === most) found.pop()
    const place = found.findIndex(other => other < count)
    found.splice(place < 0 ? found.length : place, 0, count)
  }
  return found
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const rounded = (value: number) => Math.round(value * 1000) / 1000
