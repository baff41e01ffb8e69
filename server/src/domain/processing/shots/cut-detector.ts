import type { Seconds } from '@cuewire/protocol'
import { type ChangedArea, changedArea } from './changed-area.js'
import { distance, squaredDifference, steadiedDistance } from './frame-distance.js'
import { lostStructure } from './lost-structure.js'
import type { TinyFrame } from './tiny-frame.js'

// A cut stands out from what changes this long before and after it.
const CONTEXT_SECONDS = 0.3
// A flash, or a thing that passes close to the camera, gives the old picture back within about this time.
const RETURN_SECONDS = 0.8
const MAX_CONTEXT_FRAMES = 60
// The old picture is back where a frame is nearer to it than this share of the jump; it may have moved on meanwhile.
const RETURNED = 0.45
/** Frames that are compared on each side to see whether the old picture comes back: the nearest ones, and some of the others. */
const COMPARED = { near: 2, others: 4 } as const
// Found on truth clips: within shots the steadied distance of neighbours stays below 0.25, and most cuts are above 0.6. Whatever
// moves around it, a change above the last number is a cut.
const MOVING_THRESHOLD = 0.38
const CERTAIN = 0.8
// Amid frames that hardly change, a slide gives way to the next when this much of it is lost, in a change this many times as large.
const STILL_ENERGY = 3 * 2 ** 2
const STILL_RATIO = 10
const LOST_SHARE = 0.15
const LOST_BLOCKS = 3
// Less is what compression leaves; and where most pixels change and the picture stays alike, it is the light.
const LEAST_STILL_CHANGE = 0.03
const LIGHT_PIXELS = 0.5
// As in PySceneDetect's AdaptiveDetector: a cut stands out from the changes around it by this factor.
const ADAPTIVE_RATIO = 3
// Even a certain one stands out a little: in noise, every frame is unlike the one before.
const LEAST_RATIO = 1.3
// A frame is missing where more time than usual has passed. In a pan neighbours are unlike until they are shifted; over such a gap by
// so many pixels.
const PAN = { pace: 1.5, plain: 0.3, steadied: 0.1, reach: { x: 24, y: 8 } } as const
// What changes in a part of the picture as small as this is an inset or a subtitle. Amid frames that do not change, it may also be the
// text of a slide, which leaves most of its part as it is.
const INSET_AREA = 0.2
const INSET_FILLED = 0.6
// Where something moves beside an inset, it is known by its share of the pixels.
const INSET_PIXELS = 0.17
// A patch is an inset when it is nearly a rectangle and most of what changes is in it.
const PATCH_FILLED = 0.7
const PATCH_ENERGY = 0.85
// What changes at the foot of the picture only is a subtitle.
const FOOT_ENERGY = 0.9

interface Entry {
  readonly frame: TinyFrame
  /** Distances from the frame before. */
  readonly plain: number
  readonly steadied: number
  /** Mean over the pixels of the squared change, summed over the channels. */
  readonly energy: number
}

export interface Cut {
  /** Time of the first frame after it. */
  readonly at: Seconds
  /** How unlike the frames on its two sides are, 0..1. */
  readonly strength: number
}

/** Finds hard cuts in frames given one by one. It keeps the frames of the last moments only. */
export class CutDetector {
  #entries: Entry[] = []
  /** Entries before this one are judged. */
  #next = 1

  /** The cuts that this frame made certain. */
  push(frame: TinyFrame): Cut[] {
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
  finish(): Cut[] {
    return this.#judge(() => true)
  }

  #judge(ready: (index: number) => boolean): Cut[] {
    const cuts: Cut[] = []
    for (; this.#next < this.#entries.length && ready(this.#next); this.#next++) {
      const entry = this.#entries[this.#next]
      if (entry && this.#isCut(entry, this.#next)) cuts.push({ at: entry.frame.at, strength: entry.plain })
    }
    return cuts
  }

  #isCut(entry: Entry, index: number): boolean {
    const last = this.#entries[index - 1]
    if (!last || entry.plain === 0) return false
    const before = this.#context(index, -1, CONTEXT_SECONDS)
    const after = this.#context(index, 1, CONTEXT_SECONDS)
    const around = [...before, ...after]
    // Where nothing else moves, the picture before and after is certain, and so no flash either.
    const isStill = around.every(({ energy }) => energy < STILL_ENERGY)
    const isChange = isStill
      ? isNextSlide(last, entry, around)
      : standsOut(entry, { before, after, pace: pace(last, entry, around) }) && !isPan(last, entry, around)
    if (!isChange) return false
    const changed = changedArea(last.frame, entry.frame)
    if (isInset(changed, isStill)) return false
    return isStill ? !isLight(entry, changed) : this.#lasts(index, RETURNED * entry.steadied)
  }

  // After a flash, or something that passes before the camera, the old picture is back; after a cut it is not.
  #lasts(index: number, returned: number): boolean {
    const before = compared(this.#context(index, -1, RETURN_SECONDS))
    const after = compared(this.#context(index - 1, 1, RETURN_SECONDS))
    const differs = (a: Entry, b: Entry) => {
      const plain = distance(a.frame, b.frame)
      return plain >= returned && steadiedDistance(a.frame, b.frame, plain) >= returned
    }
    return before.every(old => after.every(fresh => differs(old, fresh)))
  }

  /** Entries near one, before (-1) or after (1) it, from the nearest to the farthest, without itself. */
  #context(index: number, direction: 1 | -1, seconds: Seconds): Entry[] {
    const found: Entry[] = []
    const centre = this.#entries[index]?.frame.at ?? 0
    for (let near = index + direction; found.length < MAX_CONTEXT_FRAMES; near += direction) {
      const entry = this.#entries[near]
      if (!entry || Math.abs(entry.frame.at - centre) > seconds) break
      found.push(entry)
    }
    return found
  }

  #hasContextAfter(index: number): boolean {
    const at = this.#entries[index]?.frame.at ?? 0
    const latest = this.#entries.at(-1)?.frame.at ?? 0
    return latest - at > RETURN_SECONDS || this.#entries.length - 1 - index >= MAX_CONTEXT_FRAMES
  }

  #forget(): void {
    const surplus = this.#next - 2 - MAX_CONTEXT_FRAMES
    if (surplus <= 0) return
    this.#entries = this.#entries.slice(surplus)
    this.#next -= surplus
  }
}

interface Surroundings {
  readonly before: readonly Entry[]
  readonly after: readonly Entry[]
  /** How much more time than usual lies between the two frames. */
  readonly pace: number
}

function standsOut({ steadied }: Entry, { before, after, pace }: Surroundings): boolean {
  const outstanding = Math.min(CERTAIN, pace * ADAPTIVE_RATIO * activity([...before, ...after]))
  const least = LEAST_RATIO * Math.max(activity(before), activity(after))
  return steadied >= Math.max(MOVING_THRESHOLD, outstanding, least)
}

/** Whether a frame is missing between the two, and a camera that moves has moved on meanwhile. */
function isPan(last: Entry, entry: Entry, around: readonly Entry[]): boolean {
  if (pace(last, entry, around) < PAN.pace) return false
  const moves = around.some(({ plain, steadied }) => plain >= PAN.plain && steadied <= PAN.steadied)
  return moves && steadiedDistance(last.frame, entry.frame, entry.plain, PAN.reach) < MOVING_THRESHOLD
}

/** Time since the last frame over the mean of that between those around it, at least 1: frames may be left out amid a movement. */
function pace(last: Entry, entry: Entry, around: readonly Entry[]): number {
  const times = around.map(({ frame }) => frame.at)
  const mean = (Math.max(...times) - Math.min(...times)) / around.length
  return around.length < 2 ? 1 : Math.max(1, (entry.frame.at - last.frame.at) / mean)
}

/** Mean change of frames that follow each other. */
function activity(entries: readonly Entry[]): number {
  const fresh = entries.filter((_, index) => !isRepeat(entries, index))
  return fresh.length === 0 ? 0 : fresh.reduce((sum, { steadied }) => sum + steadied, 0) / fresh.length
}

/** Whether a frame only repeats the one before, between two that change: a film shown at a higher rate than its own. */
function isRepeat(entries: readonly Entry[], index: number): boolean {
  const isStill = (at: number) => (entries[at]?.plain ?? 1) === 0
  return isStill(index) && !isStill(index - 1) && !isStill(index + 1)
}

function isNextSlide(last: Entry, entry: Entry, around: readonly Entry[]): boolean {
  if (entry.energy < STILL_RATIO * Math.max(0, ...around.map(({ energy }) => energy))) return false
  if (entry.plain < LEAST_STILL_CHANGE) return false
  const lost = lostStructure(last.frame, entry.frame)
  return (lost.blocks >= LOST_BLOCKS && lost.share >= LOST_SHARE) || entry.plain >= CERTAIN
}

/** Whether most pixels change and the picture stays alike. */
function isLight({ plain }: Entry, { pixels }: ChangedArea): boolean {
  return pixels >= LIGHT_PIXELS && plain < MOVING_THRESHOLD
}

function isInset({ area, filled, pixels, patch, footEnergy }: ChangedArea, isStill: boolean): boolean {
  if (patch.area <= INSET_AREA && patch.filled >= PATCH_FILLED && patch.energy >= PATCH_ENERGY) return true
  if (footEnergy >= FOOT_ENERGY) return true
  if (isStill) return area <= INSET_AREA && filled >= INSET_FILLED
  return area <= INSET_AREA || pixels <= INSET_PIXELS
}

function compared(entries: readonly Entry[]): Entry[] {
  return [...entries.slice(0, COMPARED.near), ...spread(entries.slice(COMPARED.near), COMPARED.others)]
}

/** A few entries, evenly spread, the first and the last among them. */
function spread(entries: readonly Entry[], count: number): Entry[] {
  if (entries.length <= count) return [...entries]
  const step = (entries.length - 1) / (count - 1)
  return entries.filter((_, index) => Math.round(Math.round(index / step) * step) === index)
}
