import type { Sound } from '@cuewire/server/lib/wav.js'
import type { SpeakOptions } from './speak.js'
import { runSpeechProcess } from './speech-process.js'

/** A text and the eSpeak NG voice that speaks it, by its language: `de`, `pt-br`, `en-gb-scotland`. */
export interface ForeignLine {
  readonly text: string
  readonly language: string
}

/** What the speech process is given. */
export interface EspeakWork {
  readonly lines: readonly ForeignLine[]
}

/** The sound of each line, synthesised by eSpeak NG in a child process at 22,050 Hz. */
export async function speakForeign(lines: readonly ForeignLine[], options: SpeakOptions = {}): Promise<Sound[]> {
  const work: EspeakWork = { lines }
  const entry = new URL('./espeak-process.js', import.meta.url)
  return await runSpeechProcess(entry, { work, lines: lines.length, ...options })
}
