import type { Box, Colour } from '@cuewire/protocol'
import type { RgbImage } from '../../../models/models.js'

/** Samples along each side of a box. */
const TAPS = 24
/** Share of the samples that the colour must have. */
const LEAST = 0.3
/** Windows, tyres and shadows are grey or black on objects of any colour, so these names need more samples. */
const GREYS: ReadonlySet<Colour> = new Set(['black', 'grey', 'white'])
const GREY_FACTOR = 0.7

/** Below this chroma there is no hue; `dark` has none at any chroma. */
const GREY = { chroma: 0.04, black: 0.35, white: 0.82, dark: 0.2 }
/** Dark or dull orange is brown, and light red or magenta is pink. */
const BROWN_BELOW = 0.55
const PINK_FROM = 0.68
/** The first degree of each hue, counted from 0. */
const HUES: readonly (readonly [from: number, name: Colour])[] = [
  [0, 'pink'],
  [12, 'red'],
  [42, 'orange'],
  [85, 'yellow'],
  [122, 'green'],
  [200, 'blue'],
  [285, 'purple'],
  [335, 'pink'],
]

/** The colour of most of the ellipse within a box, whose corners show what is behind. Undefined if there is no such colour. */
export function dominantColour(image: RgbImage, box: Box): Colour | undefined {
  const counts = new Map<Colour, number>()
  let total = 0
  for (let row = 0; row < TAPS; row += 1) {
    for (let column = 0; column < TAPS; column += 1) {
      const u = (column + 0.5) / TAPS
      const v = (row + 0.5) / TAPS
      if ((2 * u - 1) ** 2 + (2 * v - 1) ** 2 > 1) continue
      const x = Math.min(image.width - 1, Math.floor((box.x + u * box.width) * image.width))
      const y = Math.min(image.height - 1, Math.floor((box.y + v * box.height) * image.height))
      const at = (y * image.width + x) * 3
      const name = colourName(image.data[at] ?? 0, image.data[at + 1] ?? 0, image.data[at + 2] ?? 0)
      counts.set(name, (counts.get(name) ?? 0) + 1)
      total += 1
    }
  }
  let best: { readonly name: Colour; readonly weight: number; readonly count: number } | undefined
  for (const [name, count] of counts) {
    const weight = GREYS.has(name) ? count * GREY_FACTOR : count
    if (!best || weight > best.weight) best = { name, weight, count }
  }
  return best && best.count >= LEAST * total ? best.name : undefined
}

/** The name of an sRGB colour, 0..255 each, by lightness, chroma and hue in Oklab (Ottosson, 2020). */
export function colourName(red: number, green: number, blue: number): Colour {
  const [r, g, b] = [linear(red), linear(green), linear(blue)]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  const lightness = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s
  const redness = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const yellowness = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  const chroma = Math.hypot(redness, yellowness)
  if (chroma < GREY.chroma || lightness < GREY.dark) {
    if (lightness < GREY.black) return 'black'
    return lightness < GREY.white ? 'grey' : 'white'
  }
  const hue = ((Math.atan2(yellowness, redness) * 180) / Math.PI + 360) % 360
  const name = HUES.findLast(([from]) => hue >= from)?.[1] ?? 'red'
  if ((name === 'orange' || name === 'yellow') && lightness < BROWN_BELOW) return 'brown'
  if (name === 'red' && lightness >= PINK_FROM) return 'pink'
  if (name === 'pink' && lightness < BROWN_BELOW) return hue < 180 ? 'red' : 'purple'
  return name
}

const LINEAR = Float64Array.from({ length: 256 }, (_, value) => {
  const share = value / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
})
const linear = (value: number) => LINEAR[value] ?? 0
