/** Length of the frames in which sound is told from silence, in samples: 10 ms at 16 kHz. */
const FRAME = 160
/** Silence this long, in frames, parts two sounds; the closures within a word are shorter. */
const PAUSE_FRAMES = 20
/** Shorter runs of sound, in frames, are the tail of another word or a click. */
const MIN_RUN_FRAMES = 3
/** Length in samples of a word in an interval without sound: it was said just before the next one. */
const SHORT_WORD = 1600
/** Loud over quiet below which there is no telling silence from sound, as in music or steady noise. */
const MIN_CONTRAST = 4
/** The quiet is at least this part of the loud, so that digital silence does not make every rustle a sound. */
const FLOOR = 0.01
/** Where the threshold lies between quiet (0) and loud (1), on a logarithmic scale. */
const LEVEL = 0.3

interface Run {
  start: number
  end: number
  sounding: number
}
const NO_RUN: Run = { start: 0, end: 0, sounding: 0 }

/** Tells sound from silence within one span of speech. */
export class Sound {
  readonly #loudness: Float64Array
  readonly #threshold: number

  constructor(samples: Float32Array) {
    this.#loudness = loudness(samples)
    const sorted = Float64Array.from(this.#loudness).sort()
    const loud = sorted[Math.floor(sorted.length * 0.9)] ?? 0
    const quiet = Math.max(sorted[Math.floor(sorted.length * 0.1)] ?? 0, loud * FLOOR)
    this.#threshold = loud < quiet * MIN_CONTRAST ? 0 : quiet * (loud / quiet) ** LEVEL
  }

  /** The longest stretch of sound without a pause in [start, end), or the last tenth of a second where all of it is silent. In samples. */
  within(start: number, end: number): { readonly start: number; readonly end: number } {
    const runs: Run[] = []
    for (let frame = Math.floor(start / FRAME); frame * FRAME < end; frame += 1) {
      if ((this.#loudness[frame] ?? 0) < this.#threshold) continue
      const last = runs.at(-1)
      if (!last || frame - last.end >= PAUSE_FRAMES) runs.push({ start: frame, end: frame + 1, sounding: 1 })
      else Object.assign(last, { end: frame + 1, sounding: last.sounding + 1 })
    }
    const longest = runs.reduce((best, run) => (best.sounding >= run.sounding ? best : run), NO_RUN)
    if (longest.sounding < MIN_RUN_FRAMES) return { start: Math.max(start, end - SHORT_WORD), end }
    return { start: Math.max(start, longest.start * FRAME), end: Math.min(end, longest.end * FRAME) }
  }
}

/** Root mean square of each frame. */
function loudness(samples: Float32Array): Float64Array {
  return Float64Array.from({ length: Math.ceil(samples.length / FRAME) }, (_, frame) => {
    const part = samples.subarray(frame * FRAME, (frame + 1) * FRAME)
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length)
  })
}
