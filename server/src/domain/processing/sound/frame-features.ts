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
const [WINDOW_CORRELATION] = autocorrelations(powersOf(HANN.slice(), new Float64Array(FRAME_SIZE)))

type Pair<T> = readonly [T, T]

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

/** Measures two frames of `FRAME_SIZE` samples: one complex transform serves two real signals. */
export function frameFeatures(frames: Pair<Float32Array>): Pair<FrameFeatures> {
  const powers = powersOf(windowed(frames[0]), windowed(frames[1]))
  const correlations = autocorrelations(powers)
  const featuresOf = (at: 0 | 1) => ({
    ...levelOf(frames[at]),
    ...spectralFeatures(powers[at]),
    ...pitchOf(correlations[at]),
  })
  return [featuresOf(0), featuresOf(1)]
}

function levelOf(samples: Float32Array): Pick<FrameFeatures, 'energy' | 'crossings'> {
  let energy = 0
  let crossings = 0
  for (let at = 0; at < FRAME_SIZE; at += 1) {
    const sample = samples[at] as number
    energy += sample * sample
    if (at > 0 && sample < 0 !== (samples[at - 1] as number) < 0) crossings += 1
  }
  return { energy: energy / FRAME_SIZE, crossings: crossings / FRAME_SIZE }
}

function windowed(samples: Float32Array): Float64Array {
  const product = new Float64Array(FRAME_SIZE)
  for (let at = 0; at < FRAME_SIZE; at += 1) product[at] = (samples[at] as number) * (HANN[at] as number)
  return product
}

/** A frame with how much its spectrum differs from those before it; 0 where there is none. */
export interface FrameInTurn extends FrameFeatures {
  /** From the last frame. */
  readonly flux: number
  /** From the frame `STABLE_FRAMES` before. */
  readonly drift: number
}

/** Frames apart over which a note stays, and a voice moves on: 160 ms. */
export const STABLE_FRAMES = 10

/** Adds a frame to those before it. */
export function pushInTurn(frames: FrameInTurn[], now: FrameFeatures): void {
  const from = (before: FrameFeatures | undefined) => (before ? flux(before, now) : 0)
  frames.push({ ...now, flux: from(frames.at(-1)), drift: from(frames.at(-STABLE_FRAMES)) })
}

/** How much the spectrum changed: the distance between two magnitude spectra (spectral flux, Scheirer and Slaney, 1997). */
function flux(before: FrameFeatures, now: FrameFeatures): number {
  let sum = 0
  for (let bin = 0; bin < now.shape.length; bin += 1)
    sum += ((now.shape[bin] as number) - (before.shape[bin] as number)) ** 2
  return Math.sqrt(sum)
}

/** The power spectra of two real signals, both halves of each. The signals are overwritten. */
function powersOf(re: Float64Array, im: Float64Array): Pair<Float64Array> {
  transform(re, im)
  const powers: Pair<Float64Array> = [new Float64Array(FRAME_SIZE), new Float64Array(FRAME_SIZE)]
  for (let at = 0; at < FRAME_SIZE; at += 1) {
    // The even part of the spectrum is that of the first signal, the odd part that of the second.
    const mirror = (FRAME_SIZE - at) % FRAME_SIZE
    const [a, b] = [re[at] as number, im[at] as number]
    const [c, d] = [re[mirror] as number, im[mirror] as number]
    powers[0][at] = ((a + c) ** 2 + (b - d) ** 2) / 4 + TINY
    powers[1][at] = ((b + d) ** 2 + (c - a) ** 2) / 4 + TINY
  }
  return powers
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
  const shape = new Float64Array(count)
  for (let at = 0; at < count; at += 1) shape[at] = Math.sqrt(power[FIRST_BIN + at] as number) / norm
  return { flatness: (Math.exp(logs / count) * count) / sum, high: high / sum, peak, shape }
}

function pitchOf(correlation: Float64Array): Pick<FrameFeatures, 'harmonicity' | 'lag'> {
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

/** The autocorrelations of the signals with these power spectra (Wiener-Khinchin), not scaled. */
function autocorrelations([first, second]: Pair<Float64Array>): Pair<Float64Array> {
  const [re, im] = [first.slice(), second.slice()]
  transform(re, im)
  return [re.subarray(0, BINS), im.subarray(0, BINS)]
}
