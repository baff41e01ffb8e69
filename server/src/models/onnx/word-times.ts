import type { Word } from '@cuewire/protocol'
import { type AttentionStep, alignSteps } from './align.js'
import { Sound } from './sound.js'
import type { TokenWord } from './tokenizer.js'

const SAMPLE_RATE = 16_000
/** The encoder's three convolutions stride 64 x 3 x 2 samples. */
const FRAME_SECONDS = 384 / SAMPLE_RATE
/** Least time between two word starts, where the sound is long enough for all. */
const MIN_WORD_SECONDS = 0.02

/** One token as decoded. */
export interface DecodingStep {
  readonly token: number
  readonly probability: number
  readonly attention: AttentionStep
}

/**
 * Times of words (attention frames last `frameSeconds`), in seconds from the first sample, starts increasing. A word lies between its first token's first
 * frame and that of its punctuation, or of the next word; and, where that holds a pause, on the side of it that sounds.
 */
export function wordTimes(
  found: readonly TokenWord[],
  steps: readonly DecodingStep[],
  samples: Float32Array,
  frameSeconds = FRAME_SECONDS,
): Word[] {
  const seconds = samples.length / SAMPLE_RATE
  const frames = alignSteps(steps.map(step => step.attention))
  const time = (step: number) => Math.min(seconds, (frames[step] ?? Number.POSITIVE_INFINITY) * frameSeconds)
  const starts = increasing(
    found.map(word => time(word.first)),
    seconds,
  )
  const sound = new Sound(samples)
  return found.map((word, index) => {
    const start = starts[index] ?? 0
    const next = starts[index + 1] ?? seconds
    const end = Math.min(next, Math.max(start + MIN_WORD_SECONDS, time(word.spokenEnd)))
    const heard = sound.within(start * SAMPLE_RATE, end * SAMPLE_RATE)
    return {
      text: word.text,
      start: heard.start / SAMPLE_RATE,
      end: heard.end / SAMPLE_RATE,
      // A word is as sure as its least sure token.
      confidence: Math.min(...steps.slice(word.first, word.spokenEnd).map(step => step.probability)),
    }
  })
}

/** Moves times apart and inside [0, seconds): warping may give two tokens one frame, or one after the sound's end. */
function increasing(times: readonly number[], seconds: number): number[] {
  const least = Math.min(MIN_WORD_SECONDS, seconds / times.length)
  let earliest = 0
  return times.map((time, index) => {
    const latest = seconds - (times.length - index) * least
    const moved = Math.max(0, earliest, Math.min(latest, time))
    earliest = moved + least
    return moved
  })
}
