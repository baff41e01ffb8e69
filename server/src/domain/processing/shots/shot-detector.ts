import type { Seconds, Shot } from '@cuewire/protocol'
import { CutDetector } from './cut-detector.js'
import { type Dissolve, DissolveDetector } from './dissolve-detector.js'
import { type TinyFrame, tinyFrame } from './tiny-frame.js'

const MIN_SHOT_SECONDS = 0.4
// A fade out and the fade in after it are one boundary, unless the picture stays blank for longer.
const BLANK_SECONDS = 2
// A boundary is final after the longest dissolve, the rest after it, and a blank picture between two fades.
const SETTLE_SECONDS = 6
// A picture this flat, and this near to black or white, is blank: a shot faded out.
const BLANK_LEVELS = 40
const BLANK_DEVIATION = 12

// The frames before a place from which everything behind it is found again: the longest dissolve with what is around it.
const RUN_IN_SECONDS = 6

/** Where a detector stands: what it needs to continue in another process. */
export interface ShotState {
  /** Time of the last frame. */
  readonly at: Seconds
  /** Shots that have ended. */
  readonly count: number
  readonly current: { readonly start: Seconds; readonly transition: Shot['transition'] }
}

/** The time from which a detector that continues wants frames. */
export function framesFrom({ at }: ShotState): Seconds {
  return Math.max(0, at - SETTLE_SECONDS - RUN_IN_SECONDS)
}

interface Boundary {
  readonly at: Seconds
  readonly transition: 'cut' | 'gradual'
}

/** Divides a video into shots from tiny frames given in order, each with its time. Memory does not grow with the video. */
export class ShotDetector {
  readonly #cuts = new CutDetector()
  readonly #dissolves = new DissolveDetector()
  /** Boundaries found and not yet final, in order of time. */
  #pending: Boundary[] = []
  /** Since when the picture has been blank because it was faded out, or from the start. */
  #blank: { readonly since: Seconds; readonly fade: Boundary | undefined } | undefined
  #first: Seconds | undefined
  #last: Seconds = 0
  #current: ShotState['current'] | undefined
  #count = 0
  /** Boundaries up to here were final in a former process. */
  readonly #settledTo: Seconds = Number.NEGATIVE_INFINITY

  constructor(former?: ShotState) {
    if (!former) return
    this.#current = former.current
    this.#count = former.count
    this.#last = former.at
    this.#settledTo = former.at - SETTLE_SECONDS
  }

  /** Undefined before the first frame. */
  get state(): ShotState | undefined {
    return this.#current && { at: this.#last, count: this.#count, current: this.#current }
  }

  /** Takes the next frame, 64x36 packed RGB; gives the shots whose end is now certain. */
  push(at: Seconds, data: Uint8Array): Shot[] {
    const frame = tinyFrame(at, data)
    if (this.#first === undefined) {
      this.#first = at
      this.#current ??= { start: at, transition: 'start' }
      if (isBlank(frame) && this.#current.transition === 'start') this.#blank = { since: at, fade: undefined }
    }
    this.#last = at
    for (const cut of this.#cuts.push(frame)) this.#addCut(cut)
    const dissolve = this.#dissolves.push(frame)
    if (dissolve) this.#addDissolve(dissolve)
    return this.#settle(at - SETTLE_SECONDS)
  }

  /** The last shots; the final one ends at `end`, the duration of the picture. */
  finish(end: Seconds): Shot[] {
    for (const cut of this.#cuts.finish()) this.#addCut(cut)
    // A fade to a blank picture that nothing follows ends the last shot; it begins no other.
    this.#blank = undefined
    const shots = this.#settle(Number.POSITIVE_INFINITY)
    if (this.#current) shots.push(this.#close(Math.max(end, this.#last)))
    this.#current = undefined
    return shots
  }

  #addCut(at: Seconds): void {
    // What follows a fade out begins gradually, however the blank picture ends.
    const transition = this.#blank?.fade ? 'gradual' : 'cut'
    this.#blank = undefined
    this.#add({ at, transition })
  }

  #addDissolve(dissolve: Dissolve): void {
    const [fromBlank, toBlank] = [dissolve.head.some(isBlank), dissolve.tail.some(isBlank)]
    const boundary: Boundary = { at: dissolve.middle, transition: 'gradual' }
    if (toBlank && !fromBlank) {
      this.#blank = { since: dissolve.end, fade: boundary }
      return
    }
    const blank = this.#blank
    this.#blank = undefined
    // A fade in from the blank picture that the video begins with begins no second shot.
    if (fromBlank && blank && !blank.fade) return
    this.#add(fromBlank && blank ? { at: dissolve.start, transition: 'gradual' } : boundary)
  }

  #add(boundary: Boundary): void {
    if (boundary.at <= this.#settledTo) return
    const clash = this.#pending.some(({ at }) => Math.abs(at - boundary.at) < MIN_SHOT_SECONDS)
    if (clash) return
    this.#pending.push(boundary)
    this.#pending.sort((a, b) => a.at - b.at)
  }

  #settle(until: Seconds): Shot[] {
    const blank = this.#blank
    if (blank?.fade && this.#last - blank.since > BLANK_SECONDS) {
      this.#add(blank.fade)
      this.#blank = undefined
    }
    const shots: Shot[] = []
    for (let next = this.#pending[0]; next && next.at <= until; next = this.#pending[0]) {
      this.#pending.shift()
      if (next.at - (this.#current?.start ?? 0) < MIN_SHOT_SECONDS) continue
      shots.push(this.#close(next.at))
      this.#current = { start: next.at, transition: next.transition }
    }
    return shots
  }

  #close(end: Seconds): Shot {
    const { start, transition } = this.#current ?? { start: 0, transition: 'start' }
    return { index: this.#count++, start, end, transition }
  }
}

const isBlank = ({ mean, variance }: TinyFrame) =>
  variance < 3 * BLANK_DEVIATION ** 2 && (Math.max(...mean) < BLANK_LEVELS || Math.min(...mean) > 255 - BLANK_LEVELS)
