import sharp from 'sharp'
import { between, pick, type Random } from '../slides/words.js'

export const CARTOON = { width: 1280, height: 720 } as const

const { width: W, height: H } = CARTOON
const SKIES = ['#9fd8f2', '#f7c59f', '#22305c', '#fdf3d0', '#c9b6e4']
const FLOORS = ['#6ab04c', '#c7a26b', '#8d99ae', '#3d5a40', '#e8a87c']
const BRIGHT = ['#e63946', '#f4a261', '#e9c46a', '#2a9d8f', '#4361ee', '#b5179e', '#fefae0', '#9c6644', '#ff7f51']
const OUTLINES = ['#111111', '#2b2d42', 'none']

/** Draws a cartoon as a PNG: flat areas of few colours, with or without outlines, and no text. */
export async function drawCartoon(random: Random): Promise<Buffer> {
  const line = { colour: pick(random, OUTLINES), width: between(random, 3, 9) }
  const horizon = between(random, H * 0.45, H * 0.8)
  const things = Array.from({ length: between(random, 4, 10) }, () => thing(random, horizon))
  const content = [
    `<rect width="${W}" height="${H}" fill="${pick(random, SKIES)}"/>`,
    `<path d="M0 ${horizon} Q${W / 2} ${horizon - between(random, 0, 120)} ${W} ${horizon} V${H} H0 Z" fill="${pick(random, FLOORS)}"/>`,
    ...things,
  ].join('')
  const stroke = `stroke="${line.colour}" stroke-width="${line.width}" stroke-linejoin="round"`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${W}" height="${H}"><g ${stroke}>${content}</g></svg>`
  return await sharp(Buffer.from(svg)).png().toBuffer()
}

function thing(random: Random, horizon: number): string {
  const x = between(random, 40, W - 200)
  const size = between(random, 60, 260)
  const y = between(random, horizon - size, H - 40)
  const [first, second, third] = [pick(random, BRIGHT), pick(random, BRIGHT), pick(random, BRIGHT)]
  const drawings = [house, tree, face, cloud, ball]
  return pick(random, drawings)({ x, y, size, first, second, third })
}

interface Thing {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly first: string
  readonly second: string
  readonly third: string
}

const house = ({ x, y, size, first, second, third }: Thing) =>
  `<rect x="${x}" y="${y - size}" width="${size}" height="${size}" fill="${first}"/>` +
  `<path d="M${x - size * 0.1} ${y - size} l${size * 0.6} ${-size * 0.5} l${size * 0.6} ${size * 0.5} Z" fill="${second}"/>` +
  `<rect x="${x + size * 0.35}" y="${y - size * 0.5}" width="${size * 0.3}" height="${size * 0.5}" fill="${third}"/>`

const tree = ({ x, y, size, first, second }: Thing) =>
  `<rect x="${x}" y="${y - size}" width="${size * 0.2}" height="${size}" fill="${first}"/>` +
  `<circle cx="${x + size * 0.1}" cy="${y - size}" r="${size * 0.45}" fill="${second}"/>`

const face = ({ x, y, size, first, second, third }: Thing) =>
  `<circle cx="${x}" cy="${y}" r="${size * 0.5}" fill="${first}"/>` +
  `<circle cx="${x - size * 0.18}" cy="${y - size * 0.1}" r="${size * 0.07}" fill="${second}"/>` +
  `<circle cx="${x + size * 0.18}" cy="${y - size * 0.1}" r="${size * 0.07}" fill="${second}"/>` +
  `<path d="M${x - size * 0.22} ${y + size * 0.15} q${size * 0.22} ${size * 0.25} ${size * 0.44} 0 Z" fill="${third}"/>`

const cloud = ({ x, size, second }: Thing) =>
  [0, 0.35, 0.7]
    .map(at => `<ellipse cx="${x + at * size}" cy="90" rx="${size * 0.3}" ry="40" fill="${second}"/>`)
    .join('')

const ball = ({ x, y, size, first }: Thing) => `<circle cx="${x}" cy="${y}" r="${size * 0.3}" fill="${first}"/>`
