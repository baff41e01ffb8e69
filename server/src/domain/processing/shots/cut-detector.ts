import type { Seconds } from '@cuewire/protocol'
import { distance, steadiedDistance } from './frame-distance.js'
import type { TinyFrame } from './tiny-frame.js'

// A cut is judged by the frames this long before and after it; a flash is shorter.
const CONTEXT_SECONDS = 0.3
const MAX_CONTEXT_FRAMES = 24
// Found on truth clips: within shots the steadied distance of neighbours stays below 0.25, cuts between photographs and
// scenes are above 0.5, and a change of slide over the same background is above 0.2 amid frames that do not change at all.
const MOVING_THRESHOLD = 0.35
const STILL_THRESHOLD = 0.18
const STILL_ACTIVITY = 0.01
// As in PySceneDetect's AdaptiveDetector: a cut stands out from the changes around it by this factor.
const ADAPTIVE_RATIO = 3

interface Entry {
  readonly frame: TinyFrame
  /** Distances from the frame before. */
  readonly plain: number
  readonly steadied: number
}

/** Finds hard cuts in frames given one by one. It keeps the frames of the last moments only. */
export class CutDetector {
  #entries: Entry[] = []
  /** Entries before this one are judged. */
  #next = 1

  /** Times of the first frames after the cuts that this frame made certain. */
  push(frame: TinyFrame): Seconds[] {
    const before = this.#entries.at(-1)?.frame
    const steadied = before ? steadiedDistance(before, frame) : 0
    this.#entries.push({ frame, plain: before ? distance(before, frame) : 0, steadied })
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

  #isCut(entry: Entry, index: number): boolean {
    if (entry.plain < STILL_THRESHOLD) return false
    const before = this.#context(index, -1)
    const after = this.#context(index, 1)
    const around = [...before.slice(0, -1), ...after].map(neighbour => neighbour.steadied)
    const still = Math.max(0, ...around) < STILL_ACTIVITY
    // Where nothing moves, no camera does, and following one would match the lines of one slide with those of another.
    const change = still ? entry.plain : entry.steadied
    const threshold = still ? STILL_THRESHOLD : MOVING_THRESHOLD
    if (change < Math.max(threshold, ADAPTIVE_RATIO * mean(around))) return false
    return this.#lasts({ index, threshold, measure: still ? distance : steadiedDistance })
  }

  // A flash, or something that passes before the camera, gives the old picture back; a cut does not.
  #lasts({ index, threshold, measure }: { index: number; threshold: number; measure: typeof distance }): boolean {
    const last = this.#entries[index - 1]?.frame
    const first = this.#entries[index]?.frame
    if (!last || !first) return false
    const differs = (a: TinyFrame, b: TinyFrame) => measure(a, b) >= threshold / 2
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

const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
