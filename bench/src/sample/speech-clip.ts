import { writeFile } from 'node:fs/promises'
import { encodeWav, type Sound } from '@cuewire/server/lib/wav.js'
import { type SpeakOptions, type SpokenLine, speakLines } from './speak.js'

/** A line of a clip, with the silence before it. */
export interface ClipLine extends SpokenLine {
  /** Seconds of silence before the line. @default 0.35 */
  readonly pauseBefore?: number
}

/** When a sentence is heard, in seconds of the clip. */
export interface SpokenSentence extends SpokenLine {
  readonly start: number
  readonly end: number
}

/** Speech whose words and times are known: a truth set. */
export interface SpeechClip extends Sound {
  readonly sentences: readonly SpokenSentence[]
}

const PAUSE = 0.35
const TAIL = 0.8
/** Below this a sample is taken as silence, on a scale of 1. */
const SILENCE_LEVEL = 0.004
/** Kept around the sound of a line, so that soft first and last consonants stay whole. */
const MARGIN = 0.03

/** Speaks the lines one after another; sentence times come from the counts of the samples themselves. */
export async function makeSpeechClip(lines: readonly ClipLine[], options?: SpeakOptions): Promise<SpeechClip> {
  const sounds = await speakLines(lines, options)
  const sampleRate = sounds[0]?.sampleRate
  if (sampleRate === undefined) throw new TypeError('lines: give at least one')
  const parts: Float32Array[] = []
  const sentences: SpokenSentence[] = []
  let length = 0
  const append = (part: Float32Array) => {
    parts.push(part)
    length += part.length
  }
  for (const [i, { text, voice, pauseBefore = PAUSE }] of lines.entries()) {
    const sound = sounds[i]
    if (sound?.sampleRate !== sampleRate) throw new Error('voices of different sample rates cannot share a clip')
    append(new Float32Array(Math.round(pauseBefore * sampleRate)))
    const start = length / sampleRate
    append(withoutSilentEnds(sound))
    sentences.push({ text, voice, start, end: length / sampleRate })
  }
  append(new Float32Array(Math.round(TAIL * sampleRate)))
  return { samples: concatenate(parts, length), sampleRate, sentences }
}

/** Makes a clip and writes it as a 16-bit mono WAV file at 16 kHz. */
export async function writeSpeechClip(
  file: string,
  lines: readonly ClipLine[],
  options?: SpeakOptions,
): Promise<SpeechClip> {
  const clip = await makeSpeechClip(lines, options)
  await writeFile(file, encodeWav(clip), { signal: options?.signal })
  return clip
}

function withoutSilentEnds({ samples, sampleRate }: Sound): Float32Array {
  const isHeard = (sample: number) => Math.abs(sample) >= SILENCE_LEVEL
  const first = samples.findIndex(isHeard)
  if (first < 0) throw new Error('the voice made no sound')
  const margin = Math.round(MARGIN * sampleRate)
  return samples.slice(Math.max(0, first - margin), samples.findLastIndex(isHeard) + 1 + margin)
}

function concatenate(parts: readonly Float32Array[], length: number): Float32Array {
  const whole = new Float32Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
