import { isDeepStrictEqual } from 'node:util'
import type { Band, Confidence, Detection, FrameDetections } from '@cuewire/protocol'
import { iou } from '../../../lib/box.js'
import { LabelEvidence } from './label-evidence.js'
import { isPlausibleSize } from './small-things.js'

/** Boxes of different labels that overlap by more are one thing. A rider and a bicycle overlap by less. */
const SAME_THING = 0.7
/** The same between a frame and the one before, where the thing may have moved. */
const SAME_THING_MOVED = 0.6

/** Mean score from which a label is reliable, for the labels whose precision was measured. */
export type ReliableFrom = Readonly<Record<string, Confidence>>

/** Bands of the labels of a video, from its frames in order of time. */
export class LabelBands {
  readonly #labels = new Map<string, LabelEvidence>()
  #before: readonly Detection[] = []

  constructor(private readonly reliableFrom: ReliableFrom) {}

  add({ objects }: FrameDetections): void {
    // A picture that did not change has the very objects of the frame before.
    const isHeld = objects.length > 0 && isDeepStrictEqual(objects, this.#before)
    const found = new Set(objects.map(({ label }) => label))
    for (const [label, evidence] of this.#labels) if (!found.has(label)) evidence.miss()
    for (const label of found) {
      const ofLabel = objects.filter(other => other.label === label)
      const evidence = this.#of(label)
      if (isHeld) evidence.hold()
      else evidence.look(ofLabel, this.#isContradicted(ofLabel, objects))
    }
    this.#before = objects
  }

  bandOf(label: string): Band {
    const evidence = this.#of(label)
    if (!isPlausibleSize(label, evidence.meanArea)) return 'low'
    return evidence.band(Object.hasOwn(this.reliableFrom, label) ? this.reliableFrom[label] : undefined)
  }

  /** Whether one of these is given another label as well, in this frame or in the one before. */
  #isContradicted(found: readonly Detection[], objects: readonly Detection[]): boolean {
    return found.some(detection => {
      const overlaps = (others: readonly Detection[], least: number, isSame: boolean) =>
        others.some(({ label, box }) => (label === detection.label) === isSame && iou(box, detection.box) > least)
      return (
        overlaps(objects, SAME_THING, false) ||
        (overlaps(this.#before, SAME_THING_MOVED, false) && !overlaps(this.#before, SAME_THING_MOVED, true))
      )
    })
  }

  #of(label: string): LabelEvidence {
    const known = this.#labels.get(label)
    if (known) return known
    const made = new LabelEvidence()
    this.#labels.set(label, made)
    return made
  }
}
