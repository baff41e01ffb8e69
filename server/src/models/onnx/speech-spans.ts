import type { Seconds, TimeRange } from '@cuewire/protocol'

/** Thresholds in probability and seconds; the first three are Silero's own defaults or near them. */
const START_PROBABILITY = 0.5
const END_PROBABILITY = 0.35
const MIN_SPEECH = 0.1
/**
 * A pause between sentences ends a span that is long enough to be read well; a shorter one goes on over such a pause,
 * since a speech model mishears phrases without their context.
 */
const SENTENCE_PAUSE = 0.5
const LONG_PAUSE = 1.5
const ENOUGH_CONTEXT = 6
const PADDING = 0.2
/** Frames over which a pause is judged when a span must be cut. */
const PAUSE_FRAMES = 5

/**
 * Joins probabilities of speech, one a frame, into spans, with hysteresis. Holds one number a frame of the open span
 * only, so at most `maxSpan` seconds of them.
 */
export class SpeechSpans {
  readonly #frame: Seconds
  readonly #maxSpan: Seconds
  /** Frames seen so far. */
  #count = 0
  /** Frame the open span starts at, padding included, or nothing while there is no speech. */
  #start: number | undefined
  /** Frame after the last one that counted as speech. */
  #speechEnd = 0
  #speechFrames = 0
  /** Probabilities since `#start`. */
  #probabilities: number[] = []
  /** Frame the last span ended at; the next one's padding stops there. */
  #lastEnd = 0

  /** `frame` is the length of a frame in seconds. */
  constructor(options: { readonly frame: Seconds; readonly maxSpan: Seconds }) {
    this.#frame = options.frame
    this.#maxSpan = options.maxSpan
  }

  /** Takes the next frame's probability and returns the spans that end with it. */
  push(probability: number): TimeRange[] {
    const frame = this.#count
    this.#count += 1
    if (this.#start === undefined) {
      if (probability < START_PROBABILITY) return []
      this.#open(frame)
    }
    this.#probabilities.push(probability)
    if (probability >= END_PROBABILITY) {
      this.#speechEnd = this.#count
      this.#speechFrames += 1
    }
    const pause = this.#length() * this.#frame >= ENOUGH_CONTEXT ? SENTENCE_PAUSE : LONG_PAUSE
    if ((this.#count - this.#speechEnd) * this.#frame >= pause) return this.#close()
    return this.#length() * this.#frame >= this.#maxSpan - this.#frame / 2 ? [this.#cut()] : []
  }

  /** Ends the stream and returns the span still open, if it is one. */
  finish(): TimeRange[] {
    return this.#start === undefined ? [] : this.#close()
  }

  #frames(seconds: Seconds): number {
    return Math.round(seconds / this.#frame)
  }

  #length(): number {
    return this.#start === undefined ? 0 : this.#count - this.#start
  }

  #open(frame: number): void {
    this.#start = Math.max(this.#lastEnd, frame - this.#frames(PADDING))
    // The padding was below the threshold; its exact probability no longer matters.
    this.#probabilities = new Array(frame - this.#start).fill(0)
    this.#speechFrames = 0
    this.#speechEnd = frame
  }

  #close(): TimeRange[] {
    const enough = this.#speechFrames * this.#frame >= MIN_SPEECH
    const end = Math.min(this.#count, this.#speechEnd + this.#frames(PADDING))
    const span = this.#span(this.#start ?? end, end)
    this.#start = undefined
    this.#probabilities = []
    if (!enough) return []
    this.#lastEnd = end
    return [span]
  }

  /** Cuts the open span at the likeliest pause of its later two thirds; the rest stays open. */
  #cut(): TimeRange {
    const start = this.#start ?? 0
    const cut = start + quietestFrame(this.#probabilities)
    const span = this.#span(start, cut)
    this.#probabilities = this.#probabilities.slice(cut - start)
    this.#start = cut
    this.#lastEnd = cut
    this.#speechFrames = this.#probabilities.filter(probability => probability >= END_PROBABILITY).length
    return span
  }

  #span(start: number, end: number): TimeRange {
    return { start: start * this.#frame, end: end * this.#frame }
  }
}

/** The middle of the run of frames with the lowest mean probability, in the later two thirds; the latest of equals. */
function quietestFrame(probabilities: readonly number[]): number {
  const half = Math.floor(PAUSE_FRAMES / 2)
  let best = { frame: probabilities.length, mean: Number.POSITIVE_INFINITY }
  for (let frame = Math.floor(probabilities.length / 3); frame < probabilities.length - half; frame += 1) {
    const window = probabilities.slice(frame - half, frame + half + 1)
    const mean = window.reduce((sum, value) => sum + value, 0) / window.length
    if (mean <= best.mean) best = { frame, mean }
  }
  return best.frame
}
