import { FRAME_SIZE, transform } from '../../../lib/fourier.js'
import { SPOOL_RATE } from '../audio-spool.js'

/** Samples from one frame to the next: 16 ms. */
export const FRAME_HOP = 256
const BINS = FRAME_SIZE / 2
/** Bins from 156 Hz to 7 kHz: without hum and the edge of the band. */
const FIRST_BIN = 5
const LAST_BIN = 224
/** Bins up to 2 kHz, where voices and most instruments have their strongest partials. */
const LAST_TONE_BIN = 64
/** From 4 kHz. */
const FIRST_HIGH_BIN = 128
/** Lags of pitches from 70 to 400 Hz. */
const MIN_LAG = Math.round(SPOOL_RATE / 400)
const MAX_LAG = Math.round(SPOOL_RATE / 70)
/** Added to powers so that digital silence has a spectrum: far below the steps of 16 bits. */
const TINY = 1e-10

const HANN = Float64Array.from(
  { length: FRAME_SIZE },
  (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / FRAME_SIZE),
)
/** The autocorrelation of the window, which that of a frame is divided by (Boersma, 1993). */
const WINDOW_CORRELATION = autocorrelation(powersOf(HANN))

/** Properties of 32 ms of sound; all but `energy` do not depend on how loud it is. */
export interface FrameFeatures {
  /** Mean square. */
  readonly energy: number
  /** Share of neighbouring samples with different signs. */
  readonly crossings: number
  /** Geometric over arithmetic mean of the power spectrum, 0..1: low for tones, high for noise. */
  readonly flatness: number
  /** Highest normalised autocorrelation at the lags of pitches, 0..1 (Boersma, 1993). */
  readonly harmonicity: number
  /** The lag of that, in samples. */
  readonly lag: number
  /** Share of the power above 4 kHz. */
  readonly high: number
  /** The strongest bin up to 2 kHz. */
  readonly peak: number
  /** Magnitude spectrum, scaled to length 1. */
  readonly shape: Float64Array
}

/** Measures `FRAME_SIZE` samples. */
export function frameFeatures(samples: Float32Array): FrameFeatures {
  let energy = 0
  let crossings = 0
  const windowed = new Float64Array(FRAME_SIZE)
  for (let at = 0; at < FRAME_SIZE; at += 1) {
    const sample = samples[at] as number
    energy += sample * sample
    if (at > 0 && sample < 0 !== (samples[at - 1] as number) < 0) crossings += 1
    windowed[at] = sample * (HANN[at] as number)
  }
  const power = powersOf(windowed)
  return {
    energy: energy / FRAME_SIZE,
    crossings: crossings / FRAME_SIZE,
    ...spectralFeatures(power),
    ...pitchOf(power),
  }
}

/** How much the spectrum changed: the distance between two magnitude spectra (spectral flux, Scheirer and Slaney, 1997). */
export function flux(before: FrameFeatures, now: FrameFeatures): number {
  let sum = 0
  for (let bin = 0; bin < now.shape.length; bin += 1)
    sum += ((now.shape[bin] as number) - (before.shape[bin] as number)) ** 2
  return Math.sqrt(sum)
}

/** The power spectrum, both halves. */
function powersOf(windowed: Float64Array): Float64Array {
  const re = windowed.slice()
  const im = new Float64Array(FRAME_SIZE)
  transform(re, im)
  for (let at = 0; at < FRAME_SIZE; at += 1) re[at] = (re[at] as number) ** 2 + (im[at] as number) ** 2 + TINY
  return re
}

function spectralFeatures(power: Float64Array): Pick<FrameFeatures, 'flatness' | 'high' | 'peak' | 'shape'> {
  let logs = 0
  let sum = 0
  let high = 0
  let peak = FIRST_BIN
  for (let bin = FIRST_BIN; bin < LAST_BIN; bin += 1) {
    const value = power[bin] as number
    logs += Math.log(value)
    sum += value
    if (bin >= FIRST_HIGH_BIN) high += value
    if (bin < LAST_TONE_BIN && value > (power[peak] as number)) peak = bin
  }
  const count = LAST_BIN - FIRST_BIN
  const norm = Math.sqrt(sum)
  const shape = Float64Array.from({ length: count }, (_, at) => Math.sqrt(power[FIRST_BIN + at] as number) / norm)
  return { flatness: (Math.exp(logs / count) * count) / sum, high: high / sum, peak, shape }
}

function pitchOf(power: Float64Array): Pick<FrameFeatures, 'harmonicity' | 'lag'> {
  const correlation = autocorrelation(power)
  const whole = (correlation[0] as number) / (WINDOW_CORRELATION[0] as number)
  let harmonicity = 0
  let lag = 0
  for (let at = MIN_LAG; at <= MAX_LAG; at += 1) {
    const value = (correlation[at] as number) / (WINDOW_CORRELATION[at] as number) / whole
    if (value <= harmonicity) continue
    harmonicity = value
    lag = at
  }
  return { harmonicity: Math.min(1, harmonicity), lag }
}

/** The autocorrelation of the signal with this power spectrum (Wiener-Khinchin), not scaled. */
function autocorrelation(power: Float64Array): Float64Array {
  const re = power.slice()
  transform(re, new Float64Array(FRAME_SIZE))
  return re.subarray(0, BINS)
}
