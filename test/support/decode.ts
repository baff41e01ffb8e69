import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { RgbImage } from '@cuewire/server/models/models.js'
import ffmpeg from '@ffmpeg-installer/ffmpeg'

const run = promisify(execFile)

async function decode(args: readonly string[]): Promise<Buffer> {
  const { stdout } = await run(ffmpeg.path, ['-v', 'error', '-nostdin', ...args, '-'], {
    encoding: 'buffer',
    maxBuffer: 1 << 29,
  })
  return stdout
}

/** The sound of a file: mono at 16 kHz. */
export async function decodeSound(path: string): Promise<Float32Array> {
  const bytes = await decode(['-i', path, '-vn', '-ar', '16000', '-ac', '1', '-f', 'f32le'])
  return new Float32Array(new Uint8Array(bytes).buffer)
}

/** The picture shown at a time of a file, stretched to a size. */
export async function decodePicture(
  path: string,
  options: { readonly width: number; readonly height: number; readonly at?: number },
): Promise<RgbImage> {
  const { width, height, at = 0 } = options
  const seek = at === 0 ? [] : ['-ss', String(at)]
  const data = await decode([
    ...seek,
    '-i',
    path,
    '-frames:v',
    '1',
    '-vf',
    `scale=${width}:${height}`,
    '-pix_fmt',
    'rgb24',
    '-f',
    'rawvideo',
  ])
  return { width, height, data }
}
