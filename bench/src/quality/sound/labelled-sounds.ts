import type { SoundType } from '@cuewire/protocol'
import type { Sound } from '@cuewire/server/lib/wav.js'
import { PASSAGES, type PassageName } from '../../eval/passages.js'
import { seededRandom } from '../../lib/seeded-random.js'
import { speakForeign } from '../../sample/espeak.js'
import { humanRights } from '../../sample/human-rights.js'
import { music } from '../../sample/music.js'
import type { Voice } from '../../sample/speak.js'
import { makeSpeechClip } from '../../sample/speech-clip.js'
import { highPassed, lowPassed, mix, RATE, type Random, scaled, silent, white } from '../../sample/synthesiser.js'
import { noiseOf } from './noises.js'

/** Sound of one type from start to end. */
export interface LabelledSound {
  readonly name: string
  readonly type: SoundType
  readonly samples: Float32Array
}

interface Recipe {
  readonly seed: number
  readonly passages: readonly (readonly [Voice, PassageName])[]
  /** eSpeak NG voices, with the codes of their texts. */
  readonly languages: Readonly<Record<string, string>>
  readonly tunes: number
  readonly noises: readonly string[]
  /** Sounds of each noise. */
  readonly takes: number
}

/** The classifier is fitted to the development set alone; voices, languages and three noises of the other are unlike any there. */
export const SOUND_SETS = {
  development: {
    seed: 1,
    passages: [
      ['slt', 'bread'],
      ['rms', 'boats'],
      ['kal16', 'volcano'],
    ],
    languages: { de: 'deu_1996', es: 'spa', ru: 'rus', cmn: 'cmn_hans', 'en-us': 'eng', fi: 'fin' },
    tunes: 48,
    noises: ['white', 'pink', 'wind', 'rain', 'hum', 'engine', 'knocks', 'birds', 'applause'],
    takes: 4,
  },
  'held out': {
    seed: 9001,
    passages: [
      ['awb', 'bees'],
      ['slt', 'moon'],
      ['rms', 'chess'],
    ],
    languages: { 'fr-fr': 'fra', 'en-gb-scotland': 'eng', ar: 'arb', ko: 'kor' },
    tunes: 16,
    noises: [
      'white',
      'pink',
      'wind',
      'rain',
      'hum',
      'engine',
      'knocks',
      'birds',
      'applause',
      'brown',
      'waves',
      'typing',
    ],
    takes: 2,
  },
} as const satisfies Record<string, Recipe>

const SECONDS = 12

/** Speech, music and noise whose type is known. */
export async function labelledSounds(
  { seed, passages, languages, tunes, noises, takes }: Recipe,
  signal: AbortSignal,
): Promise<LabelledSound[]> {
  const random = seededRandom(seed)
  const sounds: LabelledSound[] = []
  const add = (name: string, type: SoundType, samples: Float32Array) => sounds.push({ name, type, samples })
  for (const [voice, passage] of passages) {
    const sentences = PASSAGES[passage].split(/(?<=\.) /).slice(0, 5)
    const { samples } = await makeSpeechClip(
      sentences.map(text => ({ text, voice })),
      { signal },
    )
    for (const [how, change] of Object.entries(RECORDINGS)) add(`${voice} ${how}`, 'speech', change(samples, random))
  }
  for (const [language, code] of Object.entries(languages)) {
    const samples = await foreign(language, code, signal)
    for (const [how, change] of Object.entries(RECORDINGS)) add(`${language} ${how}`, 'speech', change(samples, random))
  }
  for (let tune = 0; tune < tunes; tune += 1) {
    signal.throwIfAborted()
    add(`tune ${tune}`, 'music', withNoise(music(SECONDS, random), random() < 0.5 ? 0 : 0.003 * random(), random))
  }
  for (const noise of noises)
    for (let take = 0; take < takes; take += 1) add(`${noise} ${take}`, 'other', noiseOf(noise, SECONDS, random))
  add('silence', 'silence', silent(SECONDS))
  add(
    'rounding',
    'silence',
    silent(SECONDS).map(() => white(random) / 32_768),
  )
  return sounds
}

type Change = (samples: Float32Array, random: Random) => Float32Array

/** The same speech, recorded in several ways. */
const RECORDINGS: Readonly<Record<string, Change>> = {
  clean: samples => samples,
  quiet: samples => samples.map(sample => sample * 0.01),
  telephone: samples => lowPassed(lowPassed(highPassed(samples, 300), 3400), 3400),
  noisy: (samples, random) => withNoise(samples, 0.02, random),
  echoing: samples => {
    const whole = samples.slice()
    for (const [start, gain] of [
      [0.03, 0.5],
      [0.07, 0.35],
      [0.13, 0.25],
      [0.21, 0.15],
    ] as const)
      mix(whole, samples, { start, gain })
    return whole
  },
  'over music': (samples, random) => {
    const whole = scaled(samples, 0.5)
    mix(whole, music(samples.length / RATE, random), { gain: 0.12 })
    return whole
  },
}

function withNoise(samples: Float32Array, level: number, random: Random): Float32Array {
  return samples.map(sample => sample + level * white(random))
}

async function foreign(language: string, code: string, signal: AbortSignal): Promise<Float32Array> {
  const texts = (await humanRights(code)).slice(4, 6)
  const sounds = await speakForeign(
    texts.map(text => ({ text: text.slice(0, 250), language })),
    { signal },
  )
  return resampled(sounds).subarray(0, SECONDS * RATE)
}

/** Joins sounds at the rate of the analysis, by linear interpolation after a low-pass. */
function resampled(sounds: readonly Sound[]): Float32Array {
  const parts = sounds.map(({ samples, sampleRate }) => {
    const smooth = lowPassed(samples, 7500)
    return Float32Array.from({ length: Math.floor((smooth.length * RATE) / sampleRate) - 1 }, (_, at) => {
      const place = (at * sampleRate) / RATE
      const first = Math.floor(place)
      const [before = 0, after = 0] = [smooth[first], smooth[first + 1]]
      return before + (after - before) * (place - first)
    })
  })
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
