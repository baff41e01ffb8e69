import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runFfmpeg } from '../sample/run-ffmpeg.js'
import { ordinaryCues } from './subtitle-cases.js'

/** Seconds between two cues: 100,000 of them are ten hours. */
const EVERY = 0.36

/** The bytes of a video that holds so many cues as subtitles, and a picture every ten seconds. */
export async function embeddedClip(cues: number, signal: AbortSignal): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-embedded-'))
  try {
    await writeFile(join(folder, 'cues.vtt'), ordinaryCues(cues, EVERY))
    const picture = `color=size=64x36:rate=1/10:duration=${Math.ceil(cues * EVERY)}`
    await runFfmpeg(
      [
        ...['-f', 'lavfi', '-i', picture, '-i', 'cues.vtt'],
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:s', 'srt', 'clip.mkv'],
      ],
      { cwd: folder, signal },
    )
    return await readFile(join(folder, 'clip.mkv'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
