import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { PHOTOGRAPHS, type PhotographName, photographFile } from '../../sample/photographs.js'
import { look, type View } from './camera.js'
import { eachPixel, type Picture, SIZE } from './pixels.js'
import { rawFrames } from './raw-frames.js'
import { drawScenery } from './scenery.js'

/** A moving picture. */
export interface Footage {
  /** What it shows. */
  readonly subject: string
  /** The frame at a time in seconds from its start. */
  readonly frame: (at: number) => Uint8Array
}

export interface FootageOptions {
  readonly seconds: number
  readonly random: () => number
  readonly signal: AbortSignal
  /** What the footage must not show: between two parts of one recording there may be no boundary to see. */
  readonly avoid: string | undefined
  /** How the camera moves beside its usual slow movement; only drawn footage and photographs have a camera. */
  readonly camera?: ((at: number) => View) | undefined
}

/** Which pictures a set of montages is made of. Sets share none, so that one is held out from the other. */
export interface Stock {
  readonly photographs: readonly PhotographName[]
  /** Sources of ffmpeg's lavfi. */
  readonly patterns: readonly string[]
  /** Files of `../shared/media`, used where that folder exists. */
  readonly recordings: readonly { readonly file: string; readonly seconds: number }[]
}

export const STOCKS = {
  development: {
    photographs: ['river boats', 'sheep in a field'],
    patterns: ['testsrc2', 'mandelbrot', 'cellauto=rule=110:scroll=1'],
    recordings: [
      { file: 'car-detection.mp4', seconds: 28 },
      { file: 'mdn_frog.mp4', seconds: 7 },
    ],
  },
  'held out': {
    photographs: ['alps', 'ewe and lamb'],
    patterns: ['testsrc', 'life=ratio=0.2:mold=10:death_color=#204060:life_color=#c0ff80', 'smptehdbars'],
    recordings: [
      { file: 'bottle-detection.mp4', seconds: 38 },
      { file: 'derived_person-with-speech.mp4', seconds: 10 },
    ],
  },
} as const satisfies Record<string, Stock>

/** Footage of a random kind from the stock. One that has to follow a camera is drawn, or a photograph. */
export async function makeFootage(stock: Stock, options: FootageOptions): Promise<Footage> {
  const { random, camera, seconds, signal, avoid } = options
  const recordings = stock.recordings.filter(({ file }) => existsSync(sharedFile(file)) && file !== avoid)
  const patterns = stock.patterns.filter(pattern => pattern !== avoid)
  const photographs = stock.photographs.filter(name => name !== avoid)
  const kind = random()
  if (!camera && kind < 0.3 && recordings.length > 0) {
    const { file, seconds: length } = pick(recordings, random)
    const from = random() * Math.max(0, length - seconds)
    const input = ['-ss', from.toFixed(2), '-t', seconds.toFixed(2), '-i', sharedFile(file)]
    return { subject: file, frame: await recorded(input, signal) }
  }
  if (!camera && kind < 0.4) {
    const subject = pick(patterns, random)
    const sized = `${subject}${subject.includes('=') ? ':' : '='}size=${SIZE.width}x${SIZE.height}:rate=${RATE}`
    return { subject, frame: await recorded(['-f', 'lavfi', '-t', seconds.toFixed(2), '-i', sized], signal) }
  }
  if (kind > 0.8 || (camera && kind > 0.6)) {
    const subject = pick(photographs, random)
    return { subject, frame: filmed(await photograph(subject, signal), options) }
  }
  return { subject: 'scenery', frame: filmed(drawScenery({ width: 640, height: 360 }, random), options) }
}

const RATE = 30
const sharedFile = (file: string) => resolve('../shared/media', file)
export const pick = <Item>(items: readonly Item[], random: () => number): Item => {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new RangeError('there is nothing to pick from')
  return item
}

async function recorded(input: readonly string[], signal: AbortSignal): Promise<Footage['frame']> {
  const filter = ['-vf', `fps=${RATE},scale=${SIZE.width}:${SIZE.height}:flags=area`]
  const frames = await rawFrames([...input, ...filter], { ...SIZE, signal })
  return at => {
    const frame = frames[Math.min(frames.length - 1, Math.floor(at * RATE + 0.001))]
    if (!frame) throw new Error(`ffmpeg made no frames of ${input.join(' ')}`)
    return frame
  }
}

async function photograph(name: PhotographName, signal: AbortSignal): Promise<Picture> {
  const size = { width: 640, height: 360 }
  const { crop, ...rest } = PHOTOGRAPHS[name]
  const filter = `crop=${crop.width}:${crop.height}:${crop.x}:${crop.y},scale=${size.width}:${size.height}`
  const [data] = await rawFrames(['-i', photographFile({ crop, ...rest }), '-vf', filter], { ...size, signal })
  if (!data) throw new Error(`ffmpeg made no picture of ${name}`)
  return { ...size, data }
}

/** A still picture before a moving camera, half of the time with things that move in front of it. */
function filmed(picture: Picture, { random, camera, seconds }: FootageOptions): Footage['frame'] {
  const things = random() < 0.5 ? Array.from({ length: 1 + Math.floor(random() * 3) }, () => movingThing(random)) : []
  const drift = camera ?? driftingCamera(random, seconds)
  return at => {
    const frame = look(picture, drift(at))
    for (const draw of things) draw(frame, at)
    return frame
  }
}

/** A camera that stands, or pans and zooms slowly. */
function driftingCamera(random: () => number, seconds: number): (at: number) => View {
  const speed = random() < 0.3 ? 0 : 0.3 * random()
  const width = 0.55 + 0.1 * random()
  const [dx, dy, zoom] = [speed * (random() - 0.5), speed * 0.5 * (random() - 0.5), speed * (random() - 0.5)]
  const [x, y] = [0.4 + 0.2 * random(), 0.4 + 0.2 * random()]
  return at => {
    const progress = at - seconds / 2
    return { x: x + dx * progress * 0.4, y: y + dy * progress * 0.4, width: width * (1 + zoom * progress * 0.3) }
  }
}

function movingThing(random: () => number): (frame: Uint8Array, at: number) => void {
  const [width, height] = [20 + random() * 60, 20 + random() * 80]
  const [x, y] = [random() * SIZE.width, random() * SIZE.height]
  const [dx, dy] = [(random() - 0.5) * 160, (random() - 0.5) * 40]
  const tint = [random() * 200, random() * 200, random() * 200]
  return (frame, at) => {
    const left = mirror(x + dx * at, SIZE.width) - width / 2
    const top = mirror(y + dy * at, SIZE.height) - height / 2
    eachPixel({ left, top, width, height }, (offset, column, row) => {
      const [u, v] = [column / width - 0.5, row / height - 0.5]
      if (u * u + v * v > 0.25) return
      const stripe = (column >> 3) % 2 === 0 ? 40 : 0
      for (let channel = 0; channel < 3; channel++) frame[offset + channel] = (tint[channel] ?? 0) + stripe
    })
  }
}

/** A place that goes back and forth between 0 and the size. */
const mirror = (place: number, size: number) => {
  const within = ((place % (2 * size)) + 2 * size) % (2 * size)
  return within < size ? within : 2 * size - within
}
