import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runFfmpeg } from '../../sample/run-ffmpeg.js'
import { drawSlide } from './draw-slide.js'
import type { TextSlide } from './slide.js'

/** How long each slide is shown, in seconds. */
export const SLIDE_SECONDS = 4
const FRAMES_A_SECOND = 25

/** Makes an mp4 (H.264, 720p) of slides, each cut to the next, in a folder; returns its path. */
export async function makeSlideVideo(
  slides: readonly TextSlide[],
  folder: string,
  signal?: AbortSignal,
): Promise<string> {
  for (const [at, slide] of slides.entries()) {
    signal?.throwIfAborted()
    await writeFile(join(folder, `slide-${String(at).padStart(4, '0')}.png`), await drawSlide(slide))
  }
  const input = ['-framerate', `1/${SLIDE_SECONDS}`, '-i', 'slide-%04d.png']
  const encoding = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p']
  await runFfmpeg([...input, '-r', String(FRAMES_A_SECOND), ...encoding, 'slides.mp4'], { cwd: folder, signal })
  return join(folder, 'slides.mp4')
}
