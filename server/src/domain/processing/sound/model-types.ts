import { joinedSamples } from '../../../lib/joined-samples.js'
import type { AudioEventDetector, PatchScores } from '../../../models/models.js'
import { SPOOL_RATE } from '../audio-spool.js'
import { EventSpans, type FoundSound } from './event-spans.js'
import { STEP_SAMPLES } from './step.js'
import type { TypeScores, TypeSource } from './type-source.js'

/** Samples scored together: enough that sending them to a thread costs little. */
const BATCH = 4 * SPOOL_RATE

/** Judges sound by a model of audio events, and finds those events. */
export class ModelTypes implements TypeSource {
  readonly #events: EventSpans
  /** Samples from the start of the next patch on. */
  #rest = new Float32Array(0)
  /** Scores of patches that a later step may need, of which the first is number `#first`. */
  #patches: PatchScores[] = []
  #first = 0
  #step = 0
  #found: FoundSound[] = []

  constructor(private readonly detector: AudioEventDetector) {
    const { samples, step } = detector.patch
    this.#events = new EventSpans({ first: (samples - step) / 2 / SPOOL_RATE, step: step / SPOOL_RATE })
  }

  async push(samples: Float32Array, signal: AbortSignal): Promise<readonly TypeScores[]> {
    this.#rest = joinedSamples(this.#rest, samples)
    if (this.#rest.length < BATCH) return []
    await this.#score(signal)
    const scored: TypeScores[] = []
    while (this.#patchOf(this.#step) < this.#first + this.#patches.length) scored.push(this.#next())
    return scored
  }

  async finish(steps: number, signal: AbortSignal): Promise<readonly TypeScores[]> {
    const { samples, step } = this.detector.patch
    // What is left is filled up with silence to a whole patch, unless the patch before covers nearly all of it.
    const isNew = this.#first + this.#patches.length === 0 || this.#rest.length > samples - step / 2
    if (isNew && this.#rest.length < samples) {
      const last = new Float32Array(samples)
      last.set(this.#rest)
      this.#rest = last
    }
    await this.#score(signal)
    this.#found.push(...this.#events.finish())
    return Array.from({ length: steps - this.#step }, () => this.#next())
  }

  /** The sounds that ended since the last call. */
  takeSounds(): FoundSound[] {
    return this.#found.splice(0)
  }

  async #score(signal: AbortSignal): Promise<void> {
    const scores = await this.detector.score(this.#rest, signal)
    this.#rest = this.#rest.slice(scores.length * this.detector.patch.step)
    this.#patches.push(...scores)
    for (const { sounds } of scores) this.#found.push(...this.#events.push(sounds))
  }

  /** The patch whose middle is nearest to that of a step. */
  #patchOf(step: number): number {
    const { samples, step: hop } = this.detector.patch
    return Math.max(0, Math.round(((step + 0.5) * STEP_SAMPLES - samples / 2) / hop))
  }

  #next(): TypeScores {
    const at = Math.min(this.#patchOf(this.#step), this.#first + this.#patches.length - 1)
    this.#patches = this.#patches.slice(at - this.#first)
    this.#first = at
    this.#step += 1
    return typesOf(this.#patches[0])
  }
}

function typesOf(patch: PatchScores | undefined): TypeScores {
  const { speech = 0, music = 0 } = patch ?? {}
  const other = 1 - Math.max(speech, music)
  const sum = speech + music + other
  return { speech: speech / sum, music: music / sum, other: other / sum }
}
