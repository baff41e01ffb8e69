import type { Seconds } from '@cuewire/protocol'
import { type CoarseFrame, coarseFrame } from './coarse-frame.js'
import { type Blend, measureBlend, Sample } from './measure-blend.js'
import type { TinyFrame } from './tiny-frame.js'

// Frames closer than this to the last sample are left out, so that a high frame rate costs no more.
const SAMPLE_SECONDS = 0.033
// Lengths that are tried; a dissolve of another length fits the nearest.
const SPANS = [0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1.1, 1.35, 1.6, 1.9, 2.3, 2.7, 3.2, 3.7, 4.2] as const
// What must have come to rest after a dissolve, and before it.
const MARGIN_SHARE = 0.25
const MARGIN_SECONDS = { least: 0.12, most: 0.5 } as const
const HISTORY_SECONDS = 4.2 + 2 * MARGIN_SECONDS.most + 0.1
// A candidate waits this long for a better one that overlaps it.
const WAIT_SECONDS = 1

/**
 * Finds dissolves: stretches whose frames are a mix (1 - w) A + w B of the frames at their two ends, with w growing steadily from 0
 * to 1, and whose detail sinks as that of a mix does. Uses a window of about five seconds.
 */
export class DissolveDetector {
  #history: Sample[] = []
  #candidate: Blend | undefined
  #lastEnd = Number.NEGATIVE_INFINITY

  /** The dissolve that this frame made certain, if any. */
  push(tiny: TinyFrame): Blend | undefined {
    const last = this.#history.at(-1)?.frame
    if (last && tiny.at - last.at < SAMPLE_SECONDS - 0.001) return undefined
    this.#remember(coarseFrame(tiny))
    this.#consider()
    const { at } = tiny
    if (this.#candidate && at - this.#candidate.end > WAIT_SECONDS) return this.#decide()
    return undefined
  }

  /** A dissolve that was waiting for a better one when the video ended. */
  finish(): Blend | undefined {
    return this.#decide()
  }

  #decide(): Blend | undefined {
    const found = this.#candidate
    this.#candidate = undefined
    if (found) this.#lastEnd = found.end
    return found
  }

  #remember(frame: CoarseFrame): void {
    const history = this.#history
    history.push(new Sample(frame, history.length))
    const first = history.findIndex(sample => frame.at - sample.frame.at <= HISTORY_SECONDS)
    if (first > 0) history.splice(0, first)
  }

  #consider(): void {
    const latest = this.#history.at(-1)?.frame.at ?? 0
    for (const span of SPANS) {
      const margin = Math.min(MARGIN_SECONDS.most, Math.max(MARGIN_SECONDS.least, MARGIN_SHARE * span))
      const after = this.#history.length - 1
      const end = this.#indexAt(latest - margin)
      const endAt = this.#history[end]?.frame.at ?? 0
      const start = this.#indexAt(endAt - span)
      const before = this.#indexAt(endAt - span - margin)
      const startAt = this.#history[start]?.frame.at ?? 0
      if (before < 0 || startAt < this.#lastEnd) return
      const blend = measureBlend(this.#history, { before, start, end, after })
      if (blend && blend.quality > (this.#candidate?.quality ?? 0)) this.#candidate = blend
    }
  }

  /** The last sample at or before a time; -1 when the history begins later. */
  #indexAt(at: Seconds): number {
    let [low, high] = [0, this.#history.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#history[middle]?.frame.at ?? 0) <= at + 0.001) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
