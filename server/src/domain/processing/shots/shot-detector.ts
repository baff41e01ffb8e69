import type { Seconds, Shot } from '@cuewire/protocol'
import { CutDetector } from './cut-detector.js'
import { type Dissolve, DissolveDetector } from './dissolve-detector.js'
import { type TinyFrame, tinyFrame } from './tiny-frame.js'

const MIN_SHOT_SECONDS = 0.4
// Longest wait for what follows: the longest dissolve and the rest after it, or black between two fades.
const SETTLE_SECONDS = 3.5
const BLACK_SECONDS = 5
// A picture this dark and flat is black: a shot faded out.
const BLACK_MEAN = 24
const BLACK_DEVIATION = 8

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
  /** Since when the picture has been black because it was faded out, or from the start. */
  #black: { readonly since: Seconds; readonly fade: Boundary | undefined } | undefined
  #first: Seconds | undefined
  #last: Seconds = 0
  #current: { readonly start: Seconds; readonly transition: Shot['transition'] } | undefined
  #count = 0

  /** Takes the next frame, 64x36 packed RGB; gives the shots whose end is now certain. */
  push(at: Seconds, data: Uint8Array): Shot[] {
    const frame = tinyFrame(at, data)
    if (this.#first === undefined) {
      this.#first = at
      this.#current = { start: at, transition: 'start' }
      if (isBlack(frame)) this.#black = { since: at, fade: undefined }
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
    // A fade to black that nothing follows ends the last shot; it begins no other.
    this.#black = undefined
    const shots = this.#settle(Number.POSITIVE_INFINITY)
    if (this.#current) shots.push(this.#close(Math.max(end, this.#last)))
    this.#current = undefined
    return shots
  }

  #addCut(at: Seconds): void {
    // Whatever the black was cut to begins the new shot; the fade before belongs to the same boundary.
    this.#black = undefined
    this.#add({ at, transition: 'cut' })
  }

  #addDissolve(dissolve: Dissolve): void {
    const [fromBlack, toBlack] = [isBlack(dissolve.from), isBlack(dissolve.to)]
    const boundary: Boundary = { at: dissolve.middle, transition: 'gradual' }
    if (toBlack && !fromBlack) {
      this.#black = { since: dissolve.end, fade: boundary }
      return
    }
    const black = this.#black
    this.#black = undefined
    // A fade in from the black that the video begins with begins no second shot.
    if (fromBlack && black && !black.fade) return
    this.#add(fromBlack && black ? { at: dissolve.start, transition: 'gradual' } : boundary)
  }

  #add(boundary: Boundary): void {
    const clash = this.#pending.some(({ at }) => Math.abs(at - boundary.at) < MIN_SHOT_SECONDS)
    if (clash) return
    this.#pending.push(boundary)
    this.#pending.sort((a, b) => a.at - b.at)
  }

  #settle(until: Seconds): Shot[] {
    const black = this.#black
    if (black?.fade && this.#last - black.since > BLACK_SECONDS) {
      this.#add(black.fade)
      this.#black = undefined
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

const isBlack = ({ mean, variance }: TinyFrame) => Math.max(...mean) < BLACK_MEAN && variance < 3 * BLACK_DEVIATION ** 2
