import { FRAME_SIZE } from '../../../lib/fourier.js'
import { joinedSamples } from '../../../lib/joined-samples.js'
import { SPOOL_RATE } from '../audio-spool.js'
import { FRAME_HOP, type FrameFeatures, frameFeatures } from './frame-features.js'
import { STEP_SAMPLES } from './step.js'
import { windowFeatures } from './window-features.js'

/** Frames on each side of the middle of a step that it is judged by: two seconds in all. */
const REACH = Math.round(SPOOL_RATE / FRAME_HOP)

/** Measures the features of the two seconds around each step, in the order of `FEATURE_NAMES`. */
export class SoundSteps {
  /** Samples from the start of the next frame on. */
  #rest = new Float32Array(0)
  /** Frames that a later step may need, of which the first is number `#first`. */
  #frames: FrameFeatures[] = []
  #first = 0
  #step = 0

  /** Takes the next samples; a step is known a second after its middle. */
  push(samples: Float32Array): number[][] {
    const all = joinedSamples(this.#rest, samples)
    let at = 0
    for (; at + FRAME_SIZE <= all.length; at += FRAME_HOP)
      this.#frames.push(frameFeatures(all.subarray(at, at + FRAME_SIZE)))
    this.#rest = all.slice(at)
    const steps: number[][] = []
    while (this.#middle() + REACH < this.#end()) steps.push(this.#next())
    return steps
  }

  /** What is left of so many steps. */
  finish(steps: number): number[][] {
    const last = new Float32Array(FRAME_SIZE)
    last.set(this.#rest)
    this.#frames.push(frameFeatures(last))
    return Array.from({ length: steps - this.#step }, () => this.#next())
  }

  /** The frame in the middle of the next step. */
  #middle(): number {
    return Math.round(((this.#step + 0.5) * STEP_SAMPLES) / FRAME_HOP)
  }

  /** Number of frames so far. */
  #end(): number {
    return this.#first + this.#frames.length
  }

  #next(): number[] {
    const middle = this.#middle()
    const from = Math.max(0, middle - REACH - this.#first)
    const around = this.#frames.slice(from, middle + REACH - this.#first)
    this.#frames = this.#frames.slice(from)
    this.#first += from
    this.#step += 1
    return windowFeatures(around)
  }
}
