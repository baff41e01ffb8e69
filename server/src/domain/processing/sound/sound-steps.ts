import { FRAME_SIZE } from '../../../lib/fourier.js'
import { joinedSamples } from '../../../lib/joined-samples.js'
import { SPOOL_RATE } from '../audio-spool.js'
import { FRAME_HOP, type FrameInTurn, frameFeatures, pushInTurn } from './frame-features.js'
import { STEP_SAMPLES } from './step.js'
import { windowFeatures } from './window-features.js'

/** Frames on each side of the middle of a step that it is judged by: two seconds in all. */
const REACH = Math.round(SPOOL_RATE / FRAME_HOP)

/** Measures the features of the two seconds around each step, in the order of `FEATURE_NAMES`. */
export class SoundSteps {
  /** Samples from the start of the next pair of frames on. */
  #rest = new Float32Array(0)
  /** Frames that a later step may need, of which the first is number `#first`. */
  #frames: FrameInTurn[] = []
  #first = 0
  #step = 0

  /** Takes the next samples; a step is known a second after its middle. */
  push(samples: Float32Array): number[][] {
    const all = joinedSamples(this.#rest, samples)
    let at = 0
    for (; at + FRAME_HOP + FRAME_SIZE <= all.length; at += 2 * FRAME_HOP)
      for (const features of frameFeatures([frameAt(all, at), frameAt(all, at + FRAME_HOP)]))
        pushInTurn(this.#frames, features)
    this.#rest = all.slice(at)
    const steps: number[][] = []
    while (this.#middle() + REACH < this.#end()) steps.push(this.#next())
    return steps
  }

  /** What is left of so many steps. */
  finish(steps: number): number[][] {
    const last = new Float32Array(FRAME_HOP + FRAME_SIZE)
    last.set(this.#rest)
    const features = frameFeatures([frameAt(last, 0), frameAt(last, FRAME_HOP)])
    for (const each of this.#rest.length < FRAME_SIZE ? features.slice(0, 1) : features) pushInTurn(this.#frames, each)
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

const frameAt = (samples: Float32Array, at: number) => samples.subarray(at, at + FRAME_SIZE)
