import { copyFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { encodeWav, type Sound } from '@cuewire/server/lib/wav.js'
import { FONT_FILES, FRAMES_PER_SECOND, filterGraph, type TimedSlide } from './filter-graph.js'
import { runFfmpeg } from './run-ffmpeg.js'

export interface RenderOptions {
  readonly slides: readonly TimedSlide[]
  readonly sound: Sound
  /** A folder of the caller's, for the files ffmpeg reads and the file it writes. */
  readonly workFolder: string
  readonly signal?: AbortSignal | undefined
  readonly onFrame?: (frames: number) => void
}

/** Makes an mp4 (H.264 and AAC, index first) of the slides and the sound; returns its path in the work folder. */
export async function render({ slides, sound, workFolder, signal, onFrame }: RenderOptions): Promise<string> {
  const { inputs, graph, textFiles } = filterGraph(slides)
  const { resolve } = createRequire(import.meta.url)
  for (const [name, module] of Object.entries(FONT_FILES)) await copyFile(resolve(module), join(workFolder, name))
  for (const [name, text] of textFiles) await writeFile(join(workFolder, name), text)
  await writeFile(join(workFolder, 'speech.wav'), encodeWav(sound))
  const output = 'video.mp4'
  await runFfmpeg(
    [
      ...inputs,
      ...['-i', 'speech.wav', '-filter_complex', graph, '-map', '[picture]', '-map', `${slides.length}:a`],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-r', String(FRAMES_PER_SECOND), '-g', '50'],
      ...['-c:a', 'aac', '-b:a', '96k', '-ar', '48000', '-map_metadata', '-1', '-movflags', '+faststart', output],
    ],
    { cwd: workFolder, signal, ...(onFrame && { onFrame }) },
  )
  return join(workFolder, output)
}
