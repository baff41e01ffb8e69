import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findBinaries } from '@cuewire/server/media/ffmpeg/binaries.js'

const run = promisify(execFile)

/** A clip with the picture of one file and the sound of another, 24 s long. */
export async function talkingClip(
  dir: string,
  { picture, sound }: { picture: string; sound: string },
): Promise<string> {
  const { ffmpeg } = await findBinaries({})
  const file = join(dir, 'talking.mp4')
  const inputs = ['-i', picture, '-i', sound, '-map', '0:v', '-map', '1:a', '-t', '24']
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-movflags', '+faststart']
  await run(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...inputs, ...codecs, file])
  return file
}
