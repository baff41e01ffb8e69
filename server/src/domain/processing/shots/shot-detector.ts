import type { Seconds, Shot } from '@cuewire/protocol'
import { BoundaryQueue } from './boundary-queue.js'
import { CutDetector } from './cut-detector.js'
import { DissolveDetector } from './dissolve-detector.js'
import { FADE_SECONDS, type Fade, FadeDetector } from './fade-detector.js'
import { tinyFrame } from './tiny-frame.js'

const MIN_SHOT_SECONDS = 0.4
// A boundary is final once no gradual one that began before it can still be found.
const SETTLE_SECONDS = FADE_SECONDS + 0.6
// The frames before a place from which everything behind it is found again.
const RUN_IN_SECONDS = SETTLE_SECONDS

/** Where a detector stands: what it needs to continue in another process. */
export interface ShotState {
  /** Time of the last frame. */
  readonly at: Seconds
  /** Shots that have ended. */
  readonly count: number
  readonly current: Pick<Shot, 'start' | 'transition' | 'gradual'>
}

/** The time from which a detector that continues wants frames. */
export function framesFrom({ at }: ShotState): Seconds {
  return Math.max(0, at - SETTLE_SECONDS - RUN_IN_SECONDS)
}

/** Divides a video into shots from tiny frames given in order, each with its time. Memory does not grow with the video. */
export class ShotDetector {
  readonly #cuts = new CutDetector()
  readonly #dissolves = new DissolveDetector()
  readonly #fades: FadeDetector
  readonly #boundaries = new BoundaryQueue()
  #last: Seconds = 0
  #current: ShotState['current'] | undefined
  #count = 0
  /** Boundaries up to here were final in a former process. */
  readonly #settledTo: Seconds = Number.NEGATIVE_INFINITY

  constructor(former?: ShotState) {
    this.#fades = new FadeDetector(former !== undefined && framesFrom(former) > 0)
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
    this.#current ??= { start: at, transition: 'start' }
    this.#last = at
    for (const cut of this.#cuts.push(frame)) this.#boundaries.addCut(cut)
    const dissolve = this.#dissolves.push(frame)
    if (dissolve) this.#boundaries.addDissolve(dissolve)
    this.#addFade(this.#fades.push(frame))
    return this.#settle(at - SETTLE_SECONDS)
  }

  /** The last shots; the final one ends at `end`, the duration of the picture. */
  finish(end: Seconds): Shot[] {
    for (const cut of this.#cuts.finish()) this.#boundaries.addCut(cut)
    const dissolve = this.#dissolves.finish()
    if (dissolve) this.#boundaries.addDissolve(dissolve)
    this.#addFade(this.#fades.finish())
    const shots = this.#settle(Number.POSITIVE_INFINITY)
    if (this.#current) shots.push(this.#close(Math.max(end, this.#last)))
    this.#current = undefined
    return shots
  }

  #addFade(fade: Fade | undefined): void {
    if (fade?.isBoundary) this.#boundaries.addFade(fade)
    else if (fade) this.#boundaries.clear(fade)
  }

  #settle(until: Seconds): Shot[] {
    const shots: Shot[] = []
    for (const { at, ...begin } of this.#boundaries.take(until)) {
      if (at <= this.#settledTo || at - (this.#current?.start ?? 0) < MIN_SHOT_SECONDS) continue
      shots.push(this.#close(at))
      this.#current = { start: at, ...begin }
    }
    return shots
  }

  #close(end: Seconds): Shot {
    const current = this.#current ?? { start: 0, transition: 'start' as const }
    return { index: this.#count++, ...current, end }
  }
}
