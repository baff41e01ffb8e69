import type { Band, Box, Confidence, Detection } from '@cuewire/protocol'
import { iou } from '../../../lib/box.js'

/** Boxes that overlap by more show the same pixels, where a detector repeats its mistakes. They are one view. */
const SAME_VIEW = 0.6
/** Most views kept per label. More say nothing new. */
const MAX_VIEWS = 8
/** After more frames without the label, it has left rather than been missed. */
const MAX_GAP = 3

/** Boxes of less than 4 % x 4 % of the picture, or nearly all of it, are recognised less well. */
const AREA = { least: 0.0016, most: 0.9 }
const ODD_SIZE_FACTOR = 0.8

/** A label whose precision was measured, by its mean score, `reliableFrom`. */
const HIGH = {
  steadiness: 0.6,
  contradictions: 0.25,
  moving: { looks: 3, views: 3 },
  /** In one place it has to be surer, and hardly ever missed. */
  still: { looks: 5, mean: 0.7, steadiness: 0.8 },
}
const MEDIUM = { looks: 2, best: 0.45, surelyBest: 0.7, contradictions: 0.5 }
/** Any other label. Its score alone says little: cars seen from above were "cell phone" with up to 0.93. */
const UNMEASURED = { looks: 3, views: 2, mean: 0.5, steadiness: 0.6, contradictions: 0.2 }

/** How one label was seen over the frames of a video. Memory is bounded. */
export class LabelEvidence {
  /** Frames analysed that show it; a picture that is held is analysed once. */
  #looks = 0
  #held = 0
  /** Sum over the looks of the best score in each. */
  #sum = 0
  #best: Confidence = 0
  /** Sum over the looks of the largest area in each. */
  #area = 0
  #contradictions = 0
  /** Frames without it between two looks. */
  #missed = 0
  #missing = 0
  readonly #views: Box[] = []

  /** A newly analysed frame shows it. `contradicted`: something there is called by another name as well. */
  look(found: readonly Detection[], contradicted: boolean): void {
    const score = Math.max(...found.map(scoreOf))
    if (this.#looks > 0 && this.#missing <= MAX_GAP) this.#missed += this.#missing
    this.#missing = 0
    this.#looks += 1
    this.#sum += score
    this.#best = Math.max(this.#best, score)
    this.#area += Math.max(...found.map(({ box }) => box.width * box.height))
    if (contradicted) this.#contradictions += 1
    for (const { box } of found)
      if (this.#views.length < MAX_VIEWS && !this.#views.some(view => iou(view, box) > SAME_VIEW)) this.#views.push(box)
  }

  /** The picture with it is held. */
  hold(): void {
    this.#held += 1
  }

  /** A frame does not show it. */
  miss(): void {
    this.#missing += 1
  }

  /** Mean over the frames of the largest box, as a share of the picture. */
  get meanArea(): number {
    return this.#area / this.#looks
  }

  /**
   * How far the label can be trusted. `reliableFrom` is the mean score from which its precision was measured to be high;
   * without one it is never `high`.
   */
  band(reliableFrom: Confidence | undefined): Band {
    const looks = this.#looks
    const views = this.#views.length
    const mean = this.#sum / looks
    const steadiness = looks / (looks + this.#missed)
    const contradictions = this.#contradictions / looks
    if (reliableFrom === undefined) {
      const agrees =
        looks >= UNMEASURED.looks &&
        views >= UNMEASURED.views &&
        mean >= UNMEASURED.mean &&
        steadiness >= UNMEASURED.steadiness &&
        contradictions <= UNMEASURED.contradictions
      return agrees ? 'medium' : 'low'
    }
    const { moving, still } = HIGH
    const isSeenApart = looks >= moving.looks && views >= moving.views
    const isSteady = looks >= still.looks && mean >= still.mean && steadiness >= still.steadiness
    if (
      mean >= reliableFrom &&
      steadiness >= HIGH.steadiness &&
      contradictions <= HIGH.contradictions &&
      (isSeenApart || isSteady)
    )
      return 'high'
    // One frame of many is more often a fluke than an object, unless its picture is held.
    const isRepeated = looks >= MEDIUM.looks || this.#held > 0 || this.#best >= MEDIUM.surelyBest
    return isRepeated && this.#best >= MEDIUM.best && contradictions <= MEDIUM.contradictions ? 'medium' : 'low'
  }
}

function scoreOf({ confidence, box }: Detection): Confidence {
  const area = box.width * box.height
  return area < AREA.least || area > AREA.most ? confidence * ODD_SIZE_FACTOR : confidence
}
