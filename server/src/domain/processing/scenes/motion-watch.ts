import type { Seconds } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import { TINY, TINY_BYTES } from '../shots/tiny-frame.js'
import { type GreyPicture, globalMotion, greyPicture } from './global-motion.js'

/** Frames closer than this to the last one compared are left out, so that a high frame rate costs no more. */
const STEP_SECONDS = 0.06
/** Frames farther apart show no continuous motion. */
const LONGEST_STEP_SECONDS = 0.6
/** Steps are summed over this long. The shortest shot, of 0.4 s, holds one such span. */
const SPAN_SECONDS = 0.2

/** The motion within a span of media time. Shifts are of what is shown, in widths and heights of the picture. */
export const MotionSpan = Type.Object({
  start: Type.Number(),
  end: Type.Number(),
  /** Comparisons, and the time that they cover. */
  steps: Type.Integer(),
  seconds: Type.Number(),
  /** Sums of the shifts and zooms of all steps. */
  x: Type.Number(),
  y: Type.Number(),
  zoom: Type.Number(),
  /** Sum of the lengths of the shifts, in widths. */
  path: Type.Number(),
  /** Sum of the changes of shift from one step to the next, in widths: large where the camera shakes. */
  jerk: Type.Number(),
  /** Sum over the steps of the share of the picture that moved in another way. */
  moving: Type.Number(),
})
export type MotionSpan = Static<typeof MotionSpan>

const Shift = Type.Object({ x: Type.Number(), y: Type.Number() })

/** What it needs to continue in another process. `last` is base64. */
export const MotionState = Type.Object({
  at: Type.Number(),
  last: Type.String({ maxLength: 4 * Math.ceil(TINY_BYTES / 3) }),
  shift: Type.Union([Shift, Type.Null()]),
  span: Type.Union([MotionSpan, Type.Null()]),
})
export type MotionState = Static<typeof MotionState>

/** Measures the motion of the camera and of things from tiny frames given in order. */
export class MotionWatch {
  #last: { readonly at: Seconds; readonly data: Uint8Array; readonly grey: GreyPicture } | undefined
  #shift: Static<typeof Shift> | null = null
  #span: MotionSpan | null = null

  constructor(former?: MotionState) {
    if (!former) return
    const data = new Uint8Array(TINY_BYTES)
    data.set(Buffer.from(former.last, 'base64').subarray(0, TINY_BYTES))
    this.#last = { at: former.at, data, grey: greyPicture(data) }
    this.#shift = former.shift
    this.#span = former.span
  }

  /** Undefined before the first frame. */
  get state(): MotionState | undefined {
    const last = this.#last
    if (!last) return undefined
    const { at, data } = last
    return { at, last: Buffer.from(data).toString('base64'), shift: this.#shift, span: this.#span }
  }

  /** Takes the next frame, 64 x 36 packed RGB; gives the span that it completes, if any. */
  push(at: Seconds, data: Uint8Array): MotionSpan | undefined {
    const last = this.#last
    if (last && at - last.at < STEP_SECONDS) return undefined
    const grey = greyPicture(data)
    this.#last = { at, data, grey }
    if (!last) return undefined
    const ended = this.#span && spanOf(this.#span.start) !== spanOf(last.at) ? this.finish() : undefined
    const motion = at - last.at <= LONGEST_STEP_SECONDS ? globalMotion(last.grey, grey) : undefined
    if (!motion) {
      this.#shift = null
      return ended
    }
    const { x, y } = motion
    const span = this.#span ?? emptySpan(last.at)
    const former = this.#shift ?? { x, y }
    this.#span = {
      start: span.start,
      end: at,
      steps: span.steps + 1,
      seconds: span.seconds + at - last.at,
      x: span.x + x,
      y: span.y + y,
      zoom: span.zoom + motion.zoom,
      path: span.path + lengthOf(x, y),
      jerk: span.jerk + lengthOf(x - former.x, y - former.y),
      moving: span.moving + motion.moving,
    }
    this.#shift = { x, y }
    return ended
  }

  /** The last span, which no frame completed. */
  finish(): MotionSpan | undefined {
    const span = this.#span
    this.#span = null
    return span ? rounded(span) : undefined
  }
}

const spanOf = (at: Seconds) => Math.floor(at / SPAN_SECONDS + 1e-6)
const lengthOf = (x: number, y: number) => Math.hypot(x, (y * TINY.height) / TINY.width)

const emptySpan = (at: Seconds): MotionSpan => ({
  ...{ start: at, end: at, steps: 0, seconds: 0 },
  ...{ x: 0, y: 0, zoom: 0, path: 0, jerk: 0, moving: 0 },
})

function rounded(span: MotionSpan): MotionSpan {
  const round = (value: number) => Math.round(value * 1e5) / 1e5
  return Object.fromEntries(Object.entries(span).map(([key, value]) => [key, round(value)])) as MotionSpan
}
