import type { View } from './camera.js'
import { adjust, clip, eachPixel, mix, SIZE } from './pixels.js'

/** Something within a shot that is not a boundary. Times are seconds from the start of the shot. */
export interface Distractor {
  readonly start: number
  readonly end: number
  /** Changes a frame at a time. */
  readonly change?: (frame: Uint8Array, at: number) => Uint8Array
  readonly camera?: (at: number) => View
}

interface Span {
  /** About where in the shot it may happen. */
  readonly from: number
  readonly to: number
  readonly frameSeconds: number
  readonly random: () => number
}

const within = ({ from, to, random }: Span, seconds: number) => {
  const length = Math.min(seconds, to - from)
  const start = from + random() * (to - from - length)
  return { start, end: start + length }
}
const progressOf = (at: number, { start, end }: { start: number; end: number }) =>
  Math.max(0, Math.min(1, (at - start) / (end - start)))
const smooth = (share: number) => share * share * (3 - 2 * share)

const centred = (random: () => number): View => ({ x: 0.4 + 0.2 * random(), y: 0.4 + 0.2 * random(), width: 0.55 })

export const DISTRACTORS = {
  flash(span) {
    const place = within(span, (1 + Math.floor(span.random() * 3)) * span.frameSeconds)
    const change = (frame: Uint8Array, at: number) =>
      at >= place.start && at < place.end ? new Uint8Array(frame.length).fill(255) : frame
    return { ...place, change }
  },
  'camera flash'(span) {
    const place = within(span, 0.12 + span.random() * 0.25)
    const strength = 0.5 + span.random() * 1.5
    const change = (frame: Uint8Array, at: number) => {
      if (at < place.start || at >= place.end) return frame
      const left = 1 - progressOf(at, place)
      return adjust(frame, 1 + strength * left, 60 * strength * left)
    }
    return { ...place, change }
  },
  pan(span) {
    const place = within(span, 0.4 + span.random() * 1.2)
    const [fromX, toX] = span.random() < 0.5 ? [0.25, 0.75] : [0.75, 0.25]
    const tilt = (span.random() - 0.5) * 0.3
    const camera = (at: number) => {
      const share = smooth(progressOf(at, place))
      return { x: fromX + (toX - fromX) * share, y: 0.5 + tilt * (share - 0.5), width: 0.45 }
    }
    return { ...place, camera }
  },
  zoom(span) {
    const place = within(span, 0.4 + span.random() * 1.5)
    const { x, y } = centred(span.random)
    const [from, to] = span.random() < 0.5 ? [0.75, 0.25] : [0.25, 0.75]
    const camera = (at: number) => ({ x, y, width: from * (to / from) ** smooth(progressOf(at, place)) })
    return { ...place, camera }
  },
  shake(span) {
    const place = within(span, 1 + span.random())
    const view = centred(span.random)
    const strength = 0.01 + span.random() * 0.03
    const [fx, fy] = [20 + span.random() * 30, 20 + span.random() * 30]
    const camera = (at: number) => {
      const size = at >= place.start && at < place.end ? strength : 0
      return { ...view, x: view.x + size * Math.sin(fx * at), y: view.y + size * Math.cos(fy * at) }
    }
    return { ...place, camera }
  },
  'passing object'(span) {
    const place = within(span, 0.4 + span.random() * 1)
    const width = SIZE.width * (0.4 + span.random())
    const tint = [span.random() * 180, span.random() * 180, span.random() * 180]
    const leftward = span.random() < 0.5
    const change = (frame: Uint8Array, at: number) => {
      if (at < place.start || at >= place.end) return frame
      const share = leftward ? 1 - progressOf(at, place) : progressOf(at, place)
      const left = -width + share * (SIZE.width + width)
      const covered = frame.slice()
      eachPixel({ left, top: 12, width, height: SIZE.height }, (offset, x, y) => {
        const shade = 25 * Math.sin(x / 11) + 20 * Math.sin(y / 17)
        for (let channel = 0; channel < 3; channel++)
          covered[offset + channel] = clip((tint[channel] ?? 0) + 30 + shade)
      })
      return covered
    }
    return { ...place, change }
  },
  'brightness ramp'(span) {
    const place = within(span, 0.5 + span.random() * 3)
    const [from, to] = pickGains(span.random)
    const returns = span.random() < 0.4
    const change = (frame: Uint8Array, at: number) => {
      const share = progressOf(at, place)
      return adjust(frame, from + (to - from) * (returns ? 1 - Math.abs(2 * share - 1) : share))
    }
    return { ...place, change }
  },
  'exposure change'(span) {
    const place = within(span, 0.05 + span.random() * 0.2)
    const [from, to] = pickGains(span.random)
    const change = (frame: Uint8Array, at: number) => adjust(frame, from + (to - from) * progressOf(at, place))
    return { ...place, change }
  },
  strobe(span) {
    const place = within(span, 0.8 + span.random())
    const rate = 4 + span.random() * 8
    const level = 0.25 + span.random() * 0.3
    const change = (frame: Uint8Array, at: number) =>
      at >= place.start && at < place.end && (at * rate) % 1 < 0.5 ? adjust(frame, level) : frame
    return { ...place, change }
  },
  subtitle(span) {
    const place = within(span, 0.8 + span.random() * 2)
    const widths = Array.from({ length: 6 }, () => 10 + span.random() * 28)
    const change = (frame: Uint8Array, at: number) => {
      if (at < place.start || at >= place.end) return frame
      const titled = frame.slice()
      let left = 50
      for (const width of widths) {
        eachPixel({ left, top: 150, width, height: 14 }, (offset, x, y) => {
          if ((x * 7 + y * 3) % 11 < 6) titled.fill(240, offset, offset + 3)
        })
        left += width + 6
      }
      return titled
    }
    return { ...place, change }
  },
  inset(span) {
    const place = within(span, 1 + span.random() * 1.5)
    const size = { width: 80 + span.random() * 30, height: 45 + span.random() * 20 }
    const corner = { left: span.random() < 0.5 ? 12 : SIZE.width - size.width - 12, top: 12 }
    const tint = [span.random() * 255, span.random() * 255, span.random() * 255]
    const change = (frame: Uint8Array, at: number) => {
      if (at < place.start || at >= place.end) return frame
      const changed = frame.slice()
      eachPixel({ ...corner, ...size }, (offset, x, y) => {
        for (let channel = 0; channel < 3; channel++)
          changed[offset + channel] = clip((tint[channel] ?? 0) + 40 * Math.sin(x / 6 + at * 8) * Math.cos(y / 5))
      })
      return changed
    }
    return { ...place, change }
  },
  'low light'(span) {
    const gain = 0.12 + span.random() * 0.15
    const noise = 10 + span.random() * 14
    const change = (frame: Uint8Array) =>
      frame.map(value => clip(value * gain + noise * (span.random() + span.random() - 1)))
    return { start: 0, end: span.to + 0.5, change }
  },
  fog(span) {
    const place = within(span, 1 + span.random() * 2)
    const most = 0.4 + span.random() * 0.25
    const grey = new Uint8Array(SIZE.width * SIZE.height * 3).fill(190)
    const change = (frame: Uint8Array, at: number) => mix(frame, grey, most * progressOf(at, place))
    return { ...place, change }
  },
} as const satisfies Record<string, (span: Span) => Distractor>
export type DistractorName = keyof typeof DISTRACTORS
export const DISTRACTOR_NAMES = Object.keys(DISTRACTORS) as readonly DistractorName[]

function pickGains(random: () => number): readonly [number, number] {
  const other = random() < 0.6 ? 0.15 + random() * 0.4 : 1.5 + random()
  return random() < 0.5 ? [1, other] : [other, 1]
}
