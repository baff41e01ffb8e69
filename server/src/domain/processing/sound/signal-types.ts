import { classify } from './classify.js'
import { SoundSteps } from './sound-steps.js'
import type { TypeScores, TypeSource } from './type-source.js'

/** Judges sound by features of the signal: without a model, about 2 ms of a core for each second. */
export class SignalTypes implements TypeSource {
  readonly #steps = new SoundSteps()

  async push(samples: Float32Array): Promise<readonly TypeScores[]> {
    return this.#steps.push(samples).map(classify)
  }

  async finish(steps: number): Promise<readonly TypeScores[]> {
    return this.#steps.finish(steps).map(classify)
  }
}
