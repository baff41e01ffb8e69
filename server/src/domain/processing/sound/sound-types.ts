import type { AudioSpan, Seconds } from '@cuewire/protocol'
import { SilenceGate } from './silence-gate.js'
import { SpanJoiner } from './span-joiner.js'
import type { TypeScores, TypeSource } from './type-source.js'

/** Finds spans of speech, music, silence and other sound in mono samples at 16 kHz. Memory does not grow. */
export class SoundTypes {
  readonly #gate = new SilenceGate()
  readonly #joiner = new SpanJoiner()
  /** Steps of which only the level is known. */
  #silent: boolean[] = []
  #steps = 0

  constructor(private readonly source: TypeSource) {}

  /** Takes the next samples and returns the spans that ended. */
  async push(samples: Float32Array, signal: AbortSignal): Promise<AudioSpan[]> {
    this.#add(this.#gate.push(samples))
    return this.#join(await this.source.push(samples, signal))
  }

  /** The spans that are left, of sound that lasted until `end`. */
  async finish(end: Seconds, signal: AbortSignal): Promise<AudioSpan[]> {
    this.#add(this.#gate.finish())
    return [...this.#join(await this.source.finish(this.#steps, signal)), ...this.#joiner.finish(end)]
  }

  /** The span that has not ended, as far as it is known. */
  open(): AudioSpan | undefined {
    return this.#joiner.open()
  }

  #add(steps: readonly boolean[]): void {
    this.#silent.push(...steps)
    this.#steps += steps.length
  }

  #join(scored: readonly TypeScores[]): AudioSpan[] {
    const silent = this.#silent.splice(0, scored.length)
    return scored.flatMap((scores, at) => this.#joiner.push(silent[at] ? undefined : scores))
  }
}
