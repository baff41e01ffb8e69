import { FRAME_SIZE, transform } from '../../lib/fourier.js'
import { type Filter, filterOf, hann } from './filter-bank.js'

/** YAMNet's front end (tensorflow/models, audioset/yamnet/features.py): 16 kHz, windows of 25 ms every 10 ms. */
const SAMPLE_RATE = 16_000
const WINDOW = 400
const HOP = 160
const BINS = FRAME_SIZE / 2 + 1
const BANDS = 64
const BAND_EDGES = { low: 125, high: 7500 }
const LOG_OFFSET = 0.001

/** Frames of a patch, and from one patch to the next. */
export const PATCH_FRAMES = 96
const PATCH_HOP = 48
export const PATCH_SIZE = PATCH_FRAMES * BANDS
/** Samples that a patch reaches over, and from one patch to the next. */
export const PATCH_SAMPLES = (PATCH_FRAMES - 1) * HOP + WINDOW
export const PATCH_STEP = PATCH_HOP * HOP

const HANN = hann(WINDOW)
/** HTK's mel scale. */
const mel = (hertz: number) => 1127 * Math.log(1 + hertz / 700)
const FILTERS = makeFilters()

/** Number of patches that fit into so many samples. */
export function patchesIn(samples: number): number {
  return samples < PATCH_SAMPLES ? 0 : Math.floor((samples - PATCH_SAMPLES) / PATCH_STEP) + 1
}

/** The patches of mono samples at 16 kHz, f32[patches,96,64]. Samples after the last whole patch are ignored. */
export function logMelPatches(samples: Float32Array): Float32Array {
  const count = patchesIn(samples.length)
  const frames = count === 0 ? 0 : (count - 1) * PATCH_HOP + PATCH_FRAMES
  const mels = new Float32Array(frames * BANDS)
  const spectrum = new Spectrum()
  for (let frame = 0; frame < frames; frame += 1) {
    const magnitudes = spectrum.of(samples, frame * HOP)
    for (const [band, { first, weights }] of FILTERS.entries()) {
      let sum = 0
      for (let at = 0; at < weights.length; at += 1) sum += (weights[at] as number) * (magnitudes[first + at] as number)
      mels[frame * BANDS + band] = Math.log(sum + LOG_OFFSET)
    }
  }
  const patches = new Float32Array(count * PATCH_SIZE)
  for (let patch = 0; patch < count; patch += 1) {
    const from = patch * PATCH_HOP * BANDS
    patches.set(mels.subarray(from, from + PATCH_SIZE), patch * PATCH_SIZE)
  }
  return patches
}

/** Triangles on the mel scale (tf.signal.linear_to_mel_weight_matrix). */
function makeFilters(): Filter[] {
  const [low, high] = [mel(BAND_EDGES.low), mel(BAND_EDGES.high)]
  const width = (high - low) / (BANDS + 1)
  return Array.from({ length: BANDS }, (_, band) => {
    const start = low + band * width
    const weights = Float64Array.from({ length: BINS }, (_value, bin) => {
      const at = bin === 0 ? 0 : (mel((bin * SAMPLE_RATE) / FRAME_SIZE) - start) / width
      return Math.max(0, Math.min(at, 2 - at))
    })
    return filterOf(weights)
  })
}

/** Magnitude spectra of windows. */
class Spectrum {
  readonly #re = new Float64Array(FRAME_SIZE)
  readonly #im = new Float64Array(FRAME_SIZE)
  readonly #magnitudes = new Float64Array(BINS)

  /** That of the window from sample `from` on, valid until the next call. */
  of(samples: Float32Array, from: number): Float64Array {
    this.#re.fill(0)
    this.#im.fill(0)
    for (let at = 0; at < WINDOW; at += 1) this.#re[at] = (samples[from + at] as number) * (HANN[at] as number)
    transform(this.#re, this.#im)
    for (let bin = 0; bin < BINS; bin += 1)
      this.#magnitudes[bin] = Math.sqrt((this.#re[bin] as number) ** 2 + (this.#im[bin] as number) ** 2)
    return this.#magnitudes
  }
}
