import type { Detection } from '@cuewire/protocol'
import { iou } from '@cuewire/server/lib/box.js'
import type { LabelledObject } from './labelled-clips.js'

/** A box found is right if it overlaps a labelled one by at least this much, as in PASCAL VOC. */
const OVERLAP = 0.5

/** Boxes of one label: those found and right, those found, and those there are. */
export interface BoxScore {
  right: number
  found: number
  real: number
}

/** Compares boxes with the truth, frame by frame. */
export class BoxScores {
  readonly of = new Map<string, BoxScore>()

  add(found: readonly Detection[], real: readonly LabelledObject[]): void {
    const free = new Set(real)
    for (const [label] of real) this.#score(label).real += 1
    for (const { label, box } of [...found].sort((a, b) => b.confidence - a.confidence)) {
      const score = this.#score(label)
      score.found += 1
      const match = [...free].find(
        ([name, x, y, width, height]) => name === label && iou(box, { x, y, width, height }) >= OVERLAP,
      )
      if (match === undefined) continue
      free.delete(match)
      score.right += 1
    }
  }

  /** Over all labels. */
  get total(): BoxScore {
    const all = [...this.of.values()]
    const sum = (key: keyof BoxScore) => all.reduce((total, score) => total + score[key], 0)
    return { right: sum('right'), found: sum('found'), real: sum('real') }
  }

  #score(label: string): BoxScore {
    const known = this.of.get(label)
    if (known) return known
    const made = { right: 0, found: 0, real: 0 }
    this.of.set(label, made)
    return made
  }
}
