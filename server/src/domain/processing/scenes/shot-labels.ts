import type { Detection, FrameDetections } from '@cuewire/protocol'

/** Detections with less confidence are no evidence. */
const LEAST_CONFIDENCE = 0.4

/** A label over the frames of a shot. */
export interface ShotLabel {
  readonly label: string
  /** Share of the frames that show it. */
  readonly frames: number
  /** Mean over these frames of the best confidence. */
  readonly confidence: number
  /** Mean over these frames of the largest box, as a share of the picture. */
  readonly area: number
}

/** Summarises the labels of a shot, frame by frame. */
export class ShotLabels {
  #frames = 0
  readonly #sums = new Map<string, { frames: number; confidence: number; area: number }>()

  add({ objects }: FrameDetections): void {
    this.#frames += 1
    const best = new Map<string, { confidence: number; area: number }>()
    for (const { label, confidence, box } of objects.filter(isClear)) {
      const former = best.get(label) ?? { confidence: 0, area: 0 }
      best.set(label, {
        confidence: Math.max(former.confidence, confidence),
        area: Math.max(former.area, box.width * box.height),
      })
    }
    for (const [label, { confidence, area }] of best) {
      const sum = this.#sums.get(label) ?? { frames: 0, confidence: 0, area: 0 }
      this.#sums.set(label, {
        frames: sum.frames + 1,
        confidence: sum.confidence + confidence,
        area: sum.area + area,
      })
    }
  }

  list(): ShotLabel[] {
    return [...this.#sums].map(([label, { frames, confidence, area }]) => ({
      label,
      frames: frames / this.#frames,
      confidence: confidence / frames,
      area: area / frames,
    }))
  }
}

const isClear = ({ confidence }: Detection) => confidence >= LEAST_CONFIDENCE
