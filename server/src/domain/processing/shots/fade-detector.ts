import type { Seconds } from '@cuewire/protocol'
import { blankness, deviation } from './blank.js'
import { type CoarseFrame, coarseFrame, dot } from './coarse-frame.js'
import type { TinyFrame } from './tiny-frame.js'

const SAMPLE_SECONDS = 0.033
// The longest way from a picture to a blank one.
const REACH_SECONDS = 2.2
// A picture that stays blank for longer is a separate shot, with a fade at each end.
export const BLANK_SECONDS = 2
export const FADE_SECONDS = 2 * REACH_SECONDS + BLANK_SECONDS
// A picture is back at full contrast when its contrast has stopped growing for this long.
const SETTLED_SECONDS = 0.25
const FULL = 0.95
// A cut to or from a blank picture has most of the contrast in the first frame.
const AT_ONCE = 0.75
const LEAST_SECONDS = 0.08
// A picture is gone where its contrast is this share of the full one, or this many levels.
const GONE = 0.08
const GONE_LEVELS = 2.5
// Two pictures that correlate more than that are the same one: the light went out and on again.
const SAME = 0.7
// Frames that correlate less than that belong to different shots.
const CUT = 0.3

/** A shot that goes to black or white, one that comes from there, or both. */
export interface Fade {
  readonly start: Seconds
  readonly end: Seconds
  /** The middle of the blank part. */
  readonly middle: Seconds
  /** False where no new shot begins: after it the picture is the same, or there was none before it. */
  readonly isBoundary: boolean
}

interface Run {
  readonly first: Seconds
  last: Seconds
  /** The run begins where the frames do, so that what was before is not known. */
  readonly isFromStart: boolean
  /** Longer than `BLANK_SECONDS`, and its fade out, if any, is reported. */
  isLong: boolean
}

interface Slope {
  /** Where the picture has its full contrast. */
  readonly at: Seconds
  readonly frame: CoarseFrame
  /** The first frame beside the blank part. */
  readonly nearest: CoarseFrame
  readonly isGradual: boolean
}

/** Finds fades through black and white. Keeps the frames of about seven seconds. */
export class FadeDetector {
  #frames: TinyFrame[] = []
  #run: Run | undefined
  /** Whether frames before the first one were given to another detector. */
  readonly #isContinued: boolean

  constructor(isContinued: boolean) {
    this.#isContinued = isContinued
  }

  /** The fade that this frame made certain, if any. */
  push(frame: TinyFrame): Fade | undefined {
    const last = this.#frames.at(-1)
    if (last && frame.at - last.at < SAMPLE_SECONDS - 0.001) return undefined
    this.#frames.push(frame)
    const first = this.#frames.findIndex(({ at }) => frame.at - at <= FADE_SECONDS)
    if (first > 0) this.#frames.splice(0, first)
    if (blankness(frame) === undefined) return this.#showing(frame.at)
    return this.#blank(frame.at, last === undefined)
  }

  /** A fade in that reached full contrast just before the end. */
  finish(): Fade | undefined {
    return this.#run && (this.#frames.at(-1)?.at ?? 0) > this.#run.last ? this.#judge(this.#run) : undefined
  }

  #showing(at: Seconds): Fade | undefined {
    const run = this.#run
    return run && at - run.last > REACH_SECONDS ? this.#judge(run) : undefined
  }

  #blank(at: Seconds, isFromStart: boolean): Fade | undefined {
    const run = this.#run
    if (run && this.#frames.at(-2)?.at === run.last) {
      run.last = at
      if (run.isLong || at - run.first <= BLANK_SECONDS) return undefined
      run.isLong = true
      const out = run.isFromStart ? undefined : this.#slope(run, -1)
      return out?.isGradual ? { start: out.at, end: run.first, middle: run.first, isBoundary: true } : undefined
    }
    const ended = run && this.#judge(run)
    const isLong = isFromStart && this.#isContinued
    this.#run = { first: at, last: at, isFromStart, isLong }
    return ended
  }

  #judge(run: Run): Fade | undefined {
    this.#run = undefined
    const into = this.#slope(run, 1)
    if (run.isLong) {
      if (!into?.isGradual) return undefined
      return { start: run.last, end: into.at, middle: run.last, isBoundary: true }
    }
    if (run.isFromStart)
      return into?.isGradual ? { start: run.first, end: into.at, middle: run.last, isBoundary: false } : undefined
    const out = this.#slope(run, -1)
    if (!out || !into || !(out.isGradual || into.isGradual)) return undefined
    const isBoundary = !isSame(out.frame, into.frame) && !isSame(out.nearest, into.nearest)
    return { start: out.at, end: into.at, middle: (run.first + run.last) / 2, isBoundary }
  }

  /** The way to full contrast after (1) or before (-1) a blank run; undefined if there is none. */
  #slope(run: Run, direction: 1 | -1): Slope | undefined {
    const edge = direction === 1 ? run.last : run.first
    const away = this.#frames.filter(({ at }) => (at - edge) * direction > 0 && Math.abs(at - edge) <= REACH_SECONDS)
    if (direction === -1) away.reverse()
    let [peak, peakAt] = [0, edge]
    let reached: readonly TinyFrame[] = []
    let previous: CoarseFrame | undefined
    for (const [index, frame] of away.entries()) {
      const coarse = coarseFrame(frame)
      if (blankness(frame) !== undefined) break
      if (previous && correlation(previous, coarse) < CUT) break
      previous = coarse
      if (deviation(frame) > peak * 1.02) [peak, peakAt] = [deviation(frame), frame.at]
      if (Math.abs(frame.at - peakAt) > SETTLED_SECONDS) break
      reached = away.slice(0, index + 1)
    }
    const full = reached.find(frame => deviation(frame) >= FULL * peak)
    const darkest = Math.min(...this.#frames.filter(({ at }) => at >= run.first && at <= run.last).map(deviation))
    if (!full || !reached[0] || darkest > Math.max(GONE_LEVELS, run.isLong ? 0 : GONE * peak)) return undefined
    const isGradual = deviation(reached[0]) < AT_ONCE * peak && Math.abs(full.at - edge) >= LEAST_SECONDS
    return { at: full.at, frame: coarseFrame(full), nearest: coarseFrame(reached[0]), isGradual }
  }
}

function correlation(a: CoarseFrame, b: CoarseFrame): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) + 1)
}

const isSame = (a: CoarseFrame, b: CoarseFrame) => correlation(a, b) > SAME
