import { type Filter, filterOf, hann } from './filter-bank.js'

/** Whisper's front end (openai/whisper, audio.py): 16 kHz, windows of 25 ms every 10 ms, 80 mel bands. */
const SAMPLE_RATE = 16_000
const WINDOW = 400
const HOP = 160
const BANDS = 80
const HALF = WINDOW / 2
const BINS = HALF + 1
/** Whisper always reads 30 s. */
export const MEL_FRAMES = 3000
const FLOOR = 1e-10
/** Slaney's scale is linear up to 1 kHz (15 mel) and logarithmic above. */
const LINEAR = 200 / 3
const LOG_FROM = 1000
const LOG_STEP = Math.log(6.4) / 27

const HANN = hann(WINDOW)
/** Rows of the discrete Fourier transform, one a bin, up to the middle of the window. */
const table = (turn: (angle: number) => number) =>
  Float64Array.from({ length: BINS * HALF }, (_, at) =>
    turn((2 * Math.PI * ((Math.floor(at / HALF) * (at % HALF)) % WINDOW)) / WINDOW),
  )
const COS = table(Math.cos)
const SIN = table(Math.sin)
const FILTERS: readonly Filter[] = makeFilters()

/**
 * Log-mel spectrogram of samples at 16 kHz, at most 30 s, as f32[80 x 3000], bands first. The rest of the 30 s is
 * silence. Values are clamped to 8 below the largest and scaled, as in Whisper's training.
 */
export function logMel(samples: Float32Array): Float32Array {
  const spectrogram = new Float32Array(BANDS * MEL_FRAMES).fill(Math.log10(FLOOR))
  // Beyond the last window that touches a sample, everything is silent.
  const frames = Math.min(MEL_FRAMES, Math.ceil((samples.length + HALF) / HOP))
  const power = new Float64Array(BINS)
  let largest = Math.log10(FLOOR)
  for (let frame = 0; frame < frames; frame += 1) {
    powerSpectrum(samples, frame * HOP - HALF, power)
    for (const [band, { first, weights }] of FILTERS.entries()) {
      let sum = 0
      for (const [at, weight] of weights.entries()) sum += weight * (power[first + at] ?? 0)
      const level = Math.log10(Math.max(FLOOR, sum))
      spectrogram[band * MEL_FRAMES + frame] = level
      largest = Math.max(largest, level)
    }
  }
  return spectrogram.map(level => (Math.max(level, largest - 8) + 4) / 4)
}

function powerSpectrum(samples: Float32Array, from: number, power: Float64Array): void {
  // The first window reaches before the start, where the sound is mirrored.
  const windowed = (at: number) => (samples[Math.abs(from + at)] ?? 0) * (HANN[at] ?? 0)
  const [first, middle] = [windowed(0), windowed(HALF)]
  // Cosines are the same on both sides of the middle, sines opposite, so a sum and a difference do for both.
  const sums = Float64Array.from({ length: HALF }, (_, at) => (at === 0 ? 0 : windowed(at) + windowed(WINDOW - at)))
  const differences = Float64Array.from({ length: HALF }, (_, at) => windowed(at) - windowed(WINDOW - at))
  for (let bin = 0; bin < BINS; bin += 1) {
    let re = first + (bin % 2 === 0 ? middle : -middle)
    let im = 0
    const row = bin * HALF
    for (let at = 1; at < HALF; at += 1) {
      re += (sums[at] as number) * (COS[row + at] as number)
      im += (differences[at] as number) * (SIN[row + at] as number)
    }
    power[bin] = re * re + im * im
  }
}

/** Triangular filters of equal area on Slaney's mel scale, 0 to 8 kHz (librosa.filters.mel). */
function makeFilters(): Filter[] {
  const top = toMel(SAMPLE_RATE / 2)
  const edges = Float64Array.from({ length: BANDS + 2 }, (_, at) => toHertz((top * at) / (BANDS + 1)))
  return Array.from({ length: BANDS }, (_, band) => {
    const [low = 0, centre = 0, high = 0] = edges.subarray(band, band + 3)
    const weights = Float64Array.from({ length: BINS }, (_, bin) => {
      const hertz = (bin * SAMPLE_RATE) / WINDOW
      const slope = Math.min((hertz - low) / (centre - low), (high - hertz) / (high - centre))
      return (Math.max(0, slope) * 2) / (high - low)
    })
    return filterOf(weights)
  })
}

function toMel(hertz: number): number {
  return hertz < LOG_FROM ? hertz / LINEAR : LOG_FROM / LINEAR + Math.log(hertz / LOG_FROM) / LOG_STEP
}

function toHertz(mel: number): number {
  const from = LOG_FROM / LINEAR
  return mel < from ? mel * LINEAR : LOG_FROM * Math.exp(LOG_STEP * (mel - from))
}
