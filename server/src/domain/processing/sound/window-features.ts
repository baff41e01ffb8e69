import { SPOOL_RATE } from '../audio-spool.js'
import { FRAME_HOP, type FrameInTurn, STABLE_FRAMES } from './frame-features.js'

const FRAMES_PER_SECOND = SPOOL_RATE / FRAME_HOP
/** Frames more than this below the loudest one, as a share of its energy, say nothing about the source: 35 dB. */
const ACTIVE = 10 ** -3.5
/** The rate of syllables (Houtgast and Steeneken, 1985), and the rates compared with it, in hertz. */
const SYLLABLES = { low: 2.5, high: 7 }
const MODULATION = { low: 0.5, high: 20 }
/** Harmonicity of a voiced frame. */
const VOICED = 0.6

/**
 * What tells speech, music and noise apart within some seconds of sound. After Saunders (1996) and Scheirer and Slaney
 * (1997); the order is that of `WEIGHTS`.
 */
export const FEATURE_NAMES = [
  // Share of frames with less than half of the mean amplitude: many in speech.
  'lowEnergy',
  // Standard deviation of the level in dB.
  'levelSpread',
  // Share of the modulation of the envelope at the rate of syllables, "4 Hz".
  'syllables',
  'fluxMean',
  'fluxSpread',
  'crossingsMean',
  'crossingsSpread',
  'flatnessMean',
  'flatnessSpread',
  'harmonicityMean',
  'harmonicitySpread',
  // Share of voiced frames.
  'voiced',
  // Mean change of pitch between voiced neighbours, in octaves: voices glide, notes stay.
  'glide',
  // Mean likeness of spectra 160 ms apart.
  'stability',
  // Share of frames whose strongest partial is that of 160 ms before.
  'heldPeak',
  // Mean share of the power above 4 kHz, and its spread.
  'highMean',
  'highSpread',
] as const

/** Values in the order of `FEATURE_NAMES`. */
export function windowFeatures(frames: readonly FrameInTurn[]): number[] {
  const loudest = Math.max(...frames.map(({ energy }) => energy))
  const isActive = frames.map(({ energy }) => energy > loudest * ACTIVE)
  const active = frames.filter((_, at) => isActive[at])
  const amplitudes = frames.map(({ energy }) => Math.sqrt(energy))
  const meanAmplitude = mean(amplitudes)
  const levels = frames.map(({ energy }) => 10 * Math.log10(Math.max(energy, loudest * ACTIVE)))
  const pairs = (apart: number) =>
    frames.flatMap((now, at) => {
      const before = frames[at - apart]
      return before && isActive[at] && isActive[at - apart] ? [{ before, now }] : []
    })
  const neighbours = pairs(1)
  const fluxes = neighbours.map(({ now }) => now.flux)
  const apart = pairs(STABLE_FRAMES)
  const voiced = neighbours.filter(({ before, now }) => Math.min(before.harmonicity, now.harmonicity) >= VOICED)
  const crossings = active.map(frame => frame.crossings)
  const flatness = active.map(frame => Math.log10(frame.flatness))
  const harmonicity = active.map(frame => frame.harmonicity)
  const high = active.map(frame => frame.high)
  return [
    share(amplitudes, amplitude => amplitude < meanAmplitude / 2),
    spread(levels),
    syllableShare(amplitudes),
    mean(fluxes),
    spread(fluxes),
    mean(crossings),
    spread(crossings),
    mean(flatness),
    spread(flatness),
    mean(harmonicity),
    spread(harmonicity),
    share(harmonicity, value => value >= VOICED),
    mean(voiced.map(({ before, now }) => Math.min(0.5, Math.abs(Math.log2(now.lag / before.lag))))),
    mean(apart.map(({ now }) => 1 - now.drift ** 2 / 2)),
    share(apart, ({ before, now }) => Math.abs(before.peak - now.peak) <= 1),
    mean(high),
    spread(high),
  ]
}

/** Power of the envelope's modulation at the rate of syllables, as a share of all. */
function syllableShare(amplitudes: readonly number[]): number {
  const average = mean(amplitudes)
  const seconds = amplitudes.length / FRAMES_PER_SECOND
  const angles = Float64Array.from(amplitudes, (_, at) => (2 * Math.PI * at) / amplitudes.length)
  const [cosines, sines] = [angles.map(Math.cos), angles.map(Math.sin)]
  let [syllables, all] = [0, 0]
  for (let cycles = Math.ceil(MODULATION.low * seconds); cycles <= MODULATION.high * seconds; cycles += 1) {
    let [re, im] = [0, 0]
    for (let at = 0; at < amplitudes.length; at += 1) {
      const angle = (cycles * at) % amplitudes.length
      const deviation = (amplitudes[at] as number) - average
      re += deviation * (cosines[angle] as number)
      im += deviation * (sines[angle] as number)
    }
    const power = re * re + im * im
    all += power
    const hertz = cycles / seconds
    if (hertz >= SYLLABLES.low && hertz <= SYLLABLES.high) syllables += power
  }
  return all > 0 ? syllables / all : 0
}

function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0
}

function spread(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map(value => (value - middle) ** 2)))
}

function share<T>(values: readonly T[], test: (value: T) => boolean): number {
  return values.length > 0 ? values.filter(test).length / values.length : 0
}
