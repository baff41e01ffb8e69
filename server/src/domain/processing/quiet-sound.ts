import { joinedSamples } from '../../lib/joined-samples.js'
import { SPOOL_RATE } from './audio-spool.js'

/** Samples whose level is measured together: half a second. */
const BLOCK = SPOOL_RATE / 2
/** Blocks that decide a gain, 20 s: a pause between two sentences is not raised. */
const WINDOW = 40
/** Where the loudest block is raised to, as the root of its mean square. Speech recorded well lies about here. */
export const QUIET_TO_DBFS = -20
const TARGET = 10 ** (QUIET_TO_DBFS / 20)
/** 16-bit samples that need more hold too little to be understood. */
const MAX_GAIN = 10 ** (50 / 20)
/** Samples over which one gain passes into the next, so that nothing clicks: 50 ms. */
const RAMP = SPOOL_RATE / 20

/**
 * Raises quiet sound to the level that models of speech were trained on; it never lowers any. The gain of a block depends
 * on the blocks up to it only, so it is the same however the sound was cut, and in a second attempt.
 */
export class QuietSound {
  /** Levels of the last blocks. */
  readonly #levels: number[] = []
  /** One for each block that has passed. */
  readonly #gains: number[] = []
  #rest = new Float32Array(0)

  /** Takes the next samples; gives the whole blocks, raised. */
  push(samples: Float32Array): Float32Array<ArrayBuffer> {
    const all = joinedSamples(this.#rest, samples)
    const whole = all.length - (all.length % BLOCK)
    this.#rest = all.slice(whole)
    return this.#pass(all.subarray(0, whole))
  }

  /** What was left over, raised. */
  finish(): Float32Array<ArrayBuffer> {
    const last = this.#pass(this.#rest)
    this.#rest = new Float32Array(0)
    return last
  }

  /** Raises samples, of which the first is number `from`, as they were when they passed. */
  raised(samples: Float32Array, from: number): Float32Array<ArrayBuffer> {
    const raised = new Float32Array(samples.length)
    for (let at = 0; at < samples.length; at += 1) {
      const sample = (samples[at] ?? 0) * this.#gainAt(from + at)
      raised[at] = Math.max(-1, Math.min(1, sample))
    }
    return raised
  }

  #pass(samples: Float32Array): Float32Array<ArrayBuffer> {
    const from = this.#gains.length * BLOCK
    for (let at = 0; at < samples.length; at += BLOCK) {
      this.#levels.push(levelOf(samples.subarray(at, at + BLOCK)))
      if (this.#levels.length > WINDOW) this.#levels.shift()
      this.#gains.push(Math.max(1, Math.min(MAX_GAIN, TARGET / Math.max(...this.#levels))))
    }
    return this.raised(samples, from)
  }

  #gainAt(index: number): number {
    const block = Math.floor(index / BLOCK)
    const gain = this.#gains[block] ?? 1
    const former = this.#gains[block - 1] ?? gain
    return former + (gain - former) * Math.min(1, (index % BLOCK) / RAMP)
  }
}

function levelOf(samples: Float32Array): number {
  let sum = 0
  for (let at = 0; at < samples.length; at += 1) sum += (samples[at] ?? 0) ** 2
  return Math.sqrt(sum / samples.length)
}
