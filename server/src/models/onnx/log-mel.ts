/** Whisper's front end (openai/whisper, audio.py): 16 kHz, windows of 25 ms every 10 ms, 80 mel bands. */
const SAMPLE_RATE = 16_000
const WINDOW = 400
const HOP = 160
const BANDS = 80
const BINS = WINDOW / 2 + 1
/** Whisper always reads 30 s. */
export const MEL_FRAMES = 3000
const FLOOR = 1e-10
/** Slaney's scale is linear up to 1 kHz (15 mel) and logarithmic above. */
const LINEAR = 200 / 3
const LOG_FROM = 1000
const LOG_STEP = Math.log(6.4) / 27

const HANN = Float64Array.from({ length: WINDOW }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / WINDOW))
const COS = Float64Array.from({ length: WINDOW }, (_, at) => Math.cos((2 * Math.PI * at) / WINDOW))
const SIN = Float64Array.from({ length: WINDOW }, (_, at) => -Math.sin((2 * Math.PI * at) / WINDOW))
const FILTERS: readonly Filter[] = makeFilters()

/**
 * Log-mel spectrogram of samples at 16 kHz, at most 30 s, as f32[80 x 3000], bands first. The rest of the 30 s is
 * silence. Values are clamped to 8 below the largest and scaled, as in Whisper's training.
 */
export function logMel(samples: Float32Array): Float32Array {
  const spectrogram = new Float32Array(BANDS * MEL_FRAMES).fill(Math.log10(FLOOR))
  // Beyond the last window that touches a sample, everything is silent.
  const frames = Math.min(MEL_FRAMES, Math.ceil((samples.length + WINDOW / 2) / HOP))
  const power = new Float64Array(BINS)
  let largest = Math.log10(FLOOR)
  for (let frame = 0; frame < frames; frame += 1) {
    powerSpectrum(samples, frame * HOP - WINDOW / 2, power)
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
  const re = new Float64Array(WINDOW)
  // The first window reaches before the start, where the sound is mirrored.
  for (let at = 0; at < WINDOW; at += 1) re[at] = (samples[Math.abs(from + at)] ?? 0) * (HANN[at] ?? 0)
  const { re: real, im } = transform(re, new Float64Array(WINDOW), 1)
  for (let bin = 0; bin < BINS; bin += 1) power[bin] = (real[bin] ?? 0) ** 2 + (im[bin] ?? 0) ** 2
}

interface Complex {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** Discrete Fourier transform: halves even lengths (Cooley-Tukey), and sums directly for odd ones (25 of 400). */
function transform(re: Float64Array, im: Float64Array, stride: number): Complex {
  const length = re.length
  const out = { re: new Float64Array(length), im: new Float64Array(length) }
  if (length % 2 === 1) {
    for (let bin = 0; bin < length; bin += 1) {
      for (let at = 0; at < length; at += 1) addRotated(out, bin, re[at] ?? 0, im[at] ?? 0, bin * at * stride)
    }
    return out
  }
  const half = length / 2
  const part = (values: Float64Array, offset: number) =>
    Float64Array.from({ length: half }, (_, at) => values[2 * at + offset] ?? 0)
  const even = transform(part(re, 0), part(im, 0), stride * 2)
  const odd = transform(part(re, 1), part(im, 1), stride * 2)
  for (let bin = 0; bin < length; bin += 1) {
    const at = bin % half
    out.re[bin] = even.re[at] ?? 0
    out.im[bin] = even.im[at] ?? 0
    addRotated(out, bin, odd.re[at] ?? 0, odd.im[at] ?? 0, bin * stride)
  }
  return out
}

/** Adds a value turned by `turns` 400ths of a full turn. */
function addRotated({ re, im }: Complex, bin: number, real: number, imaginary: number, turns: number): void {
  const cos = COS[turns % WINDOW] ?? 0
  const sin = SIN[turns % WINDOW] ?? 0
  re[bin] = (re[bin] ?? 0) + real * cos - imaginary * sin
  im[bin] = (im[bin] ?? 0) + real * sin + imaginary * cos
}

interface Filter {
  readonly first: number
  readonly weights: Float64Array
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
    const first = weights.findIndex(weight => weight > 0)
    return { first, weights: weights.slice(first, weights.findLastIndex(weight => weight > 0) + 1) }
  })
}

function toMel(hertz: number): number {
  return hertz < LOG_FROM ? hertz / LINEAR : LOG_FROM / LINEAR + Math.log(hertz / LOG_FROM) / LOG_STEP
}

function toHertz(mel: number): number {
  const from = LOG_FROM / LINEAR
  return mel < from ? mel * LINEAR : LOG_FROM * Math.exp(LOG_STEP * (mel - from))
}
