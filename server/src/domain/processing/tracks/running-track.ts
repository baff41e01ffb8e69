import type { Box, Colour, Detection, Seconds, Track } from '@cuewire/protocol'
import type { Expected } from './affinity.js'
import { directionOf, isCutOff } from './direction.js'

/** Share of the newest movement in the velocity. */
const NEWEST = 0.6
/** A prediction trusts the velocity this far, and for this long. */
const TRUST = 0.8
const LONGEST_PREDICTION: Seconds = 1.5
/** Share of the looks that must agree on a colour. */
const MOST = 0.5

/** An object that is being followed. Memory does not grow with its length. */
export class RunningTrack {
  #start: Seconds
  #seenAt: Seconds
  /** When the last frame that shows it is replaced by the next. */
  #end: Seconds
  #frames = 0
  #confidence = 0
  readonly #labels = new Map<string, number>()
  readonly #colours = new Map<Colour, number>()
  #label: string
  #colour: Colour | undefined
  readonly #first: Box
  #last: Box
  /** The first and last boxes that are in the picture as a whole. */
  #firstWhole: Box | undefined
  #lastWhole: Box | undefined
  /** Movement of the centre a second. */
  #velocity = { x: 0, y: 0 }

  constructor(
    readonly index: number,
    found: Detection,
    at: Seconds,
  ) {
    this.#start = at
    this.#seenAt = at
    this.#end = at
    this.#label = found.label
    this.#first = found.box
    this.#last = found.box
    this.see(found, at)
  }

  /** When it was last shown. */
  get end(): Seconds {
    return this.#end
  }

  /** What it is expected to look like at a time. */
  expected(at: Seconds): Expected {
    const ahead = TRUST * Math.min(at - this.#seenAt, LONGEST_PREDICTION)
    const { x, y, width, height } = this.#last
    const box = { x: x + this.#velocity.x * ahead, y: y + this.#velocity.y * ahead, width, height }
    return { label: this.#label, box, ...(this.#colour && { colour: this.#colour }) }
  }

  see({ label, confidence, box, colour }: Detection, at: Seconds): void {
    const passed = at - this.#seenAt
    if (passed > 0) {
      const from = this.#last
      const speed = (now: number, before: number, former: number) =>
        NEWEST * ((now - before) / passed) + (1 - NEWEST) * former
      this.#velocity = {
        x: speed(box.x + box.width / 2, from.x + from.width / 2, this.#velocity.x),
        y: speed(box.y + box.height / 2, from.y + from.height / 2, this.#velocity.y),
      }
    }
    this.#seenAt = at
    this.#end = at
    this.#frames += 1
    this.#confidence += confidence
    this.#labels.set(label, (this.#labels.get(label) ?? 0) + confidence)
    this.#label = most(this.#labels)?.[0] ?? label
    if (colour !== undefined) this.#colours.set(colour, (this.#colours.get(colour) ?? 0) + 1)
    this.#colour = this.#commonColour()
    this.#last = box
    if (isCutOff(box)) return
    this.#firstWhole ??= box
    this.#lastWhole = box
  }

  /** The frame that shows it is replaced at this time. */
  showUntil(at: Seconds): void {
    this.#end = at
  }

  /** Undefined if it was seen in a single frame that was shown for less than `least` seconds: probably a fluke. */
  finish(least: Seconds): Track | undefined {
    if (this.#frames < 2 && this.#end - this.#start < least) return undefined
    // A box that the edge of the picture cuts off has its centre in the wrong place.
    const [from, to] =
      this.#firstWhole && this.#lastWhole && this.#firstWhole !== this.#lastWhole
        ? [this.#firstWhole, this.#lastWhole]
        : [this.#first, this.#last]
    return {
      index: this.index,
      label: this.#label,
      start: this.#start,
      end: this.#end,
      ...(this.#colour && { colour: this.#colour }),
      direction: directionOf(from, to),
      frames: this.#frames,
      confidence: Math.min(1, this.#confidence / this.#frames),
      from: this.#first,
      to: this.#last,
    }
  }

  #commonColour(): Colour | undefined {
    const [colour, count] = most(this.#colours) ?? []
    return count !== undefined && count >= MOST * this.#frames ? colour : undefined
  }
}

function most<K>(counts: ReadonlyMap<K, number>): [K, number] | undefined {
  let best: [K, number] | undefined
  for (const entry of counts) if (!best || entry[1] > best[1]) best = entry
  return best
}
