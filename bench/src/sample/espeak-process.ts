import type { Sound } from '@cuewire/server/lib/wav.js'
import type { EspeakWork, ForeignLine } from './espeak.js'

// Entry of a child process: takes one EspeakWork, sends a Sound for each of its lines, in order, and ends. eSpeak NG is
// under the GPL, so it runs as a separate program and is a development dependency only.

/** What is called here; the package has no types. */
interface Espeak {
  set_voice(name: undefined, language: string, gender: number, age: number, variant: number): void
  set_rate(wordsPerMinute: number): void
  get_samplerate(): number
  synthesize(text: string, take: (samples: Int16Array | undefined) => boolean): void
}
interface EspeakModule {
  readonly eSpeakNGWorker: new () => PromiseLike<Espeak> | Espeak
}

const WORDS_PER_MINUTE = 150

process.once('message', async ({ lines }: EspeakWork) => {
  const name = '@echogarden/espeak-ng-emscripten'
  const { default: load }: { default: () => Promise<EspeakModule> } = await import(name)
  const { eSpeakNGWorker } = await load()
  for (const line of lines) await send(speakLine(await new eSpeakNGWorker(), line))
  process.disconnect()
})

function speakLine(espeak: Espeak, { text, language }: ForeignLine): Sound {
  espeak.set_voice(undefined, language, 0, 0, 0)
  espeak.set_rate(WORDS_PER_MINUTE)
  const parts: Int16Array[] = []
  espeak.synthesize(text, samples => {
    if (samples) parts.push(Int16Array.from(samples))
    return false
  })
  const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    samples.set(
      Float32Array.from(part, sample => sample / 32_768),
      at,
    )
    at += part.length
  }
  return { samples, sampleRate: espeak.get_samplerate() }
}

/** Resolves once the message has left this process, which may end only then. */
function send(sound: Sound): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('espeak-process.js runs as a forked child only')
    process.send(sound, undefined, {}, error => (error === null ? resolve() : reject(error)))
  })
}
