import { clip, type Picture } from './pixels.js'

const OCTAVES = [4, 9, 20, 45, 100] as const

/** A picture like a photograph in its statistics: noise of all sizes, falling off with frequency, and a few shapes with edges. */
export function drawScenery({ width, height }: { width: number; height: number }, random: () => number): Picture {
  const data = new Uint8Array(width * height * 3)
  const layers = OCTAVES.map(cells => noiseLayer(cells, random))
  const roughness = 0.45 + 0.3 * random()
  const [dark, light] = [colour(random), colour(random)]
  const shapes = Array.from({ length: 3 + Math.floor(random() * 8) }, () => shape(random))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height]
      const level = layers.reduce((sum, layer, index) => sum + layer(u, v) * roughness ** index, 0) * 0.7
      const inside = shapes.findLast(({ covers }) => covers(u, v))
      for (let channel = 0; channel < 3; channel++) {
        const [from, to] = [(inside?.tint ?? dark)[channel] ?? 0, light[channel] ?? 0]
        const texture = inside ? 0.35 : 1
        data[(y * width + x) * 3 + channel] = clip(from + (to - from) * level * texture)
      }
    }
  }
  return { width, height, data }
}

const colour = (random: () => number) => Array.from({ length: 3 }, () => Math.floor(random() * 256))

function shape(random: () => number) {
  const [x, y] = [random(), random()]
  const [halfWidth, halfHeight] = [0.02 + random() * 0.2, 0.02 + random() * 0.25]
  const isRound = random() < 0.5
  const covers = (u: number, v: number) => {
    const [dx, dy] = [(u - x) / halfWidth, (v - y) / halfHeight]
    return isRound ? dx * dx + dy * dy < 1 : Math.abs(dx) < 1 && Math.abs(dy) < 1
  }
  return { covers, tint: colour(random) }
}

/** Value noise with this many cells across, by bilinear interpolation. */
function noiseLayer(cells: number, random: () => number): (u: number, v: number) => number {
  const columns = cells + 2
  const values = Float32Array.from({ length: columns * columns }, random)
  return (u, v) => {
    const [x, y] = [u * cells, v * cells]
    const at = Math.floor(y) * columns + Math.floor(x)
    const [fx, fy] = [x % 1, y % 1]
    const top = (values[at] ?? 0) * (1 - fx) + (values[at + 1] ?? 0) * fx
    const bottom = (values[at + columns] ?? 0) * (1 - fx) + (values[at + columns + 1] ?? 0) * fx
    return top * (1 - fy) + bottom * fy
  }
}
