import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sound } from '@cuewire/server/lib/wav.js'
import { runSpeechProcess } from './speech-process.js'

/** Voices of flite that recognisers read well: a woman's and a man's. */
export const VOICES = ['slt', 'rms'] as const
/** All voices of flite: those, a Scottish man, and a robot. */
export const ALL_VOICES = [...VOICES, 'awb', 'kal16'] as const
export type Voice = (typeof ALL_VOICES)[number]

/** A sentence and who speaks it. */
export interface SpokenLine {
  readonly text: string
  readonly voice: Voice
}

/** What the speech process is given: the lines, and a folder for its files. */
export interface FliteWork {
  readonly lines: readonly SpokenLine[]
  readonly directory: string
}

export interface SpeakOptions {
  readonly signal?: AbortSignal | undefined
  /** Called with the number of lines spoken so far. */
  readonly progress?: ((done: number) => void) | undefined
}

/** Longest text of one line; flite holds a whole line in memory. */
const MAX_TEXT_CHARS = 1000

const FLITE = new URL('./flite-process.js', import.meta.url)

/** The sound of one sentence, synthesised off the main thread at 16 kHz. */
export async function speak(text: string, voice: Voice, signal?: AbortSignal): Promise<Sound> {
  const [sound] = await speakLines([{ text, voice }], { signal })
  if (sound === undefined) throw new Error('the speech process ended without a sound')
  return sound
}

/** The sound of each line, in order. A child process does the work; the signal ends it. */
export async function speakLines(lines: readonly SpokenLine[], options: SpeakOptions = {}): Promise<Sound[]> {
  const { signal, progress } = options
  lines.forEach(checkLine)
  signal?.throwIfAborted()
  const directory = await mkdtemp(join(tmpdir(), 'cuewire-speech-'))
  try {
    const work: FliteWork = { lines, directory }
    return await runSpeechProcess(FLITE, { work, lines: lines.length, signal, progress })
  } finally {
    await rm(directory, { recursive: true })
  }
}

function checkLine({ text, voice }: SpokenLine): void {
  if (text.trim() === '') throw new TypeError('text: give at least one word to speak')
  if (text.length > MAX_TEXT_CHARS)
    throw new TypeError(`text: at most ${MAX_TEXT_CHARS} characters, not ${text.length}`)
  if (!ALL_VOICES.includes(voice)) throw new TypeError(`voice: one of ${ALL_VOICES.join(', ')}, not ${String(voice)}`)
}
