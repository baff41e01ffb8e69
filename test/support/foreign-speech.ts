import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ForeignLine, speakForeign } from '@cuewire/bench/sample/espeak.js'
import { runFfmpeg } from '@cuewire/bench/sample/run-ffmpeg.js'
import { encodeWav } from '@cuewire/server/lib/wav.js'

export const GERMAN =
  'Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen.'

/** A sound file of these lines with pauses between them, its track marked with a language. */
export async function foreignSpeech(dir: string, lines: readonly ForeignLine[], mark: string): Promise<string> {
  const sounds = await speakForeign(lines)
  const sampleRate = sounds[0]?.sampleRate ?? 0
  const pause = new Float32Array(2 * sampleRate)
  const samples = Float32Array.from(sounds.flatMap(sound => [...sound.samples, ...pause]))
  await writeFile(join(dir, 'speech.wav'), encodeWav({ samples, sampleRate }))
  const file = join(dir, `${lines.map(({ language }) => language).join('-')}-${mark}.mka`)
  const marked = ['-c:a', 'libopus', '-metadata:s:a:0', `language=${mark}`]
  await runFfmpeg(['-i', join(dir, 'speech.wav'), ...marked, file], { cwd: dir })
  return file
}
