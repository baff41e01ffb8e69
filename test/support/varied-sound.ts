import { seededRandom } from '@cuewire/bench/lib/seeded-random.js'
import { noiseOf } from '@cuewire/bench/quality/sound/noises.js'
import { music } from '@cuewire/bench/sample/music.js'
import { makeSpeechClip } from '@cuewire/bench/sample/speech-clip.js'
import { RATE, silent } from '@cuewire/bench/sample/synthesiser.js'

/** Sound at 16 kHz: speech, then music, rain and silence, each with its end in seconds. */
export interface VariedSound {
  readonly samples: Float32Array
  readonly parts: readonly { readonly type: string; readonly end: number }[]
}

const TEXTS = [
  'A slowly moving river of ice is called a glacier.',
  'The baker opens his shop at six in the morning.',
  'The train leaves the station at noon.',
]

/** Makes such a sound, about 26 s long. */
export async function variedSound(): Promise<VariedSound> {
  const random = seededRandom(77)
  const speech = await makeSpeechClip(TEXTS.map(text => ({ text, voice: 'slt' as const })))
  const sounds = {
    speech: speech.samples.slice(0, Math.floor(speech.samples.length - RATE / 2)),
    music: music(7, random),
    other: noiseOf('rain', 6, random),
    silence: silent(4),
  }
  const parts: { type: string; end: number }[] = []
  const all: number[] = []
  for (const [type, samples] of Object.entries(sounds)) {
    for (const sample of samples) all.push(sample)
    parts.push({ type, end: all.length / RATE })
  }
  return { samples: Float32Array.from(all), parts }
}
