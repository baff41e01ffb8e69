import type { Seconds } from '@cuewire/protocol'
import { distance, squaredDifference, steadiedDistance } from './frame-distance.js'
import { lostStructure } from './lost-structure.js'
import type { TinyFrame } from './tiny-frame.js'

// A cut is judged by the frames this long before and after it; a flash is shorter.
const CONTEXT_SECONDS = 0.3
const MAX_CONTEXT_FRAMES = 24
// Found on truth clips: within shots the steadied distance of neighbours stays below 0.25, a jump of the light below 0.35, and
// most cuts are above 0.6. Whatever moves around it, a change above the last number is a cut.
const MOVING_THRESHOLD = 0.38
const CERTAIN = 0.8
// Amid frames that do not change at all, a slide gives way to the next when this much of it is lost.
const STILL_ENERGY = 3 * 2 ** 2
const LOST_SHARE = 0.15
const LOST_BLOCKS = 3
// As in PySceneDetect's AdaptiveDetector: a cut stands out from the changes around it by this factor.
const ADAPTIVE_RATIO = 3
// Even a certain one stands out a little: in noise, every frame is unlike the one before.
const LEAST_RATIO = 1.3

interface Entry {
  readonly frame: TinyFrame
  /** Distances from the frame before. */
  readonly plain: number
  readonly steadied: number
  /** Mean over the pixels of the squared change, summed over the channels. */
  readonly energy: number
}

/** Finds hard cuts in frames given one by one. It keeps the frames of the last moments only. */
export class CutDetector {
  #entries: Entry[] = []
  /** Entries before this one are judged. */
  #next = 1

  /** Times of the first frames after the cuts that this frame made certain. */
  push(frame: TinyFrame): Seconds[] {
    const before = this.#entries.at(-1)?.frame
    const plain = before ? distance(before, frame) : 0
    const steadied = before ? steadiedDistance(before, frame, plain) : 0
    const pixels = frame.data.length / 3
    const energy = before ? squaredDifference(before, frame) / pixels : 0
    this.#entries.push({ frame, plain, steadied, energy })
    const cuts = this.#judge(index => this.#hasContextAfter(index))
    this.#forget()
    return cuts
  }

  /** Cuts so close to the end that they had to wait for it. */
  finish(): Seconds[] {
    return this.#judge(() => true)
  }

  #judge(ready: (index: number) => boolean): Seconds[] {
    const cuts: Seconds[] = []
    for (; this.#next < this.#entries.length && ready(this.#next); this.#next++) {
      const entry = this.#entries[this.#next]
      if (entry && this.#isCut(entry, this.#next)) cuts.push(entry.frame.at)
    }
    return cuts
  }

  #isCut({ frame, plain, steadied }: Entry, index: number): boolean {
    const last = this.#entries[index - 1]?.frame
    if (!last) return false
    const before = this.#context(index, -1)
    const after = this.#context(index, 1)
    // Where nothing else moves, the picture before and after is certain, and so no flash either.
    if ([...before, ...after].every(({ energy }) => energy < STILL_ENERGY))
      return isNextSlide(last, frame) || plain >= CERTAIN
    const outstanding = Math.min(CERTAIN, ADAPTIVE_RATIO * activity([...before, ...after]))
    const least = LEAST_RATIO * Math.max(activity(before), activity(after))
    return steadied >= Math.max(MOVING_THRESHOLD, outstanding, least) && this.#lasts(index, { last, first: frame })
  }

  // A flash, or something that passes before the camera, gives the old picture back; a cut does not.
  #lasts(index: number, { last, first }: { last: TinyFrame; first: TinyFrame }): boolean {
    const differs = (a: TinyFrame, b: TinyFrame) => steadiedDistance(a, b) >= MOVING_THRESHOLD / 2
    return (
      this.#context(index, 1).every(({ frame }) => differs(last, frame)) &&
      this.#context(index - 1, -1).every(({ frame }) => differs(frame, first))
    )
  }

  /** Entries near one, before (-1) or after (1) it, without itself. */
  #context(index: number, direction: 1 | -1): Entry[] {
    const found: Entry[] = []
    const centre = this.#entries[index]?.frame.at ?? 0
    for (let near = index + direction; found.length < MAX_CONTEXT_FRAMES; near += direction) {
      const entry = this.#entries[near]
      if (!entry || Math.abs(entry.frame.at - centre) > CONTEXT_SECONDS) break
      found.push(entry)
    }
    return found
  }

  #hasContextAfter(index: number): boolean {
    const at = this.#entries[index]?.frame.at ?? 0
    const latest = this.#entries.at(-1)?.frame.at ?? 0
    return latest - at > CONTEXT_SECONDS || this.#entries.length - 1 - index >= MAX_CONTEXT_FRAMES
  }

  #forget(): void {
    const surplus = this.#next - 2 - MAX_CONTEXT_FRAMES
    if (surplus <= 0) return
    this.#entries = this.#entries.slice(surplus)
    this.#next -= surplus
  }
}

const activity = (entries: readonly Entry[]) =>
  entries.length === 0 ? 0 : entries.reduce((sum, { steadied }) => sum + steadied, 0) / entries.length

function isNextSlide(a: TinyFrame, b: TinyFrame): boolean {
  const lost = lostStructure(a, b)
  return lost.blocks >= LOST_BLOCKS && lost.share >= LOST_SHARE
}
