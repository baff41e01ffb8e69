import { STEP, STEP_SAMPLES } from './step.js'

/** Sound below this is silence, in dBFS: 16 bits hold hardly more than their own rounding there. */
const ALWAYS_BELOW = -75
/** Sound above this is never silence. */
const NEVER_ABOVE = -50
/** How far below the loudest sound of the last half minute silence is, in dB. */
const DISTANCE = 40
const MEMORY_STEPS = 30 / STEP
/** Samples whose mean square is a level: 20 ms, so that a click is no silence. */
const BLOCK = 320

/** Tells silence from sound by level, step by step, in quiet recordings too. */
export class SilenceGate {
  /** Levels of the last half minute. */
  readonly #levels: number[] = []
  #sum = 0
  #loudest = 0
  /** Samples of the step so far. */
  #count = 0

  /** Takes the next mono samples; tells of each step that is complete whether it is silent. */
  push(samples: Float32Array): boolean[] {
    const steps: boolean[] = []
    for (const sample of samples) {
      this.#sum += sample * sample
      this.#count += 1
      if (this.#count % BLOCK === 0) this.#endBlock()
      if (this.#count === STEP_SAMPLES) steps.push(this.#endStep())
    }
    return steps
  }

  /** The last, incomplete step, if there is one. */
  finish(): boolean[] {
    if (this.#count === 0) return []
    this.#endBlock()
    return [this.#endStep()]
  }

  #endBlock(): void {
    this.#loudest = Math.max(this.#loudest, this.#sum / BLOCK)
    this.#sum = 0
  }

  #endStep(): boolean {
    const level = 10 * Math.log10(this.#loudest)
    this.#loudest = 0
    this.#count = 0
    this.#levels.push(level)
    if (this.#levels.length > MEMORY_STEPS) this.#levels.shift()
    const threshold = Math.min(NEVER_ABOVE, Math.max(...this.#levels) - DISTANCE)
    return level < Math.max(ALWAYS_BELOW, threshold)
  }
}
