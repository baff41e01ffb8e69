import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runFfmpeg } from '../../sample/run-ffmpeg.js'

interface RawFramesOptions {
  readonly width: number
  readonly height: number
  readonly signal: AbortSignal
}

/** The pictures that ffmpeg makes of an input, as packed RGB24. */
export async function rawFrames(
  input: readonly string[],
  { width, height, signal }: RawFramesOptions,
): Promise<Uint8Array[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-frames-'))
  try {
    const output = ['-an', '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'frames.rgb']
    await runFfmpeg([...input, ...output], { cwd: folder, signal })
    const bytes = await readFile(join(folder, 'frames.rgb'))
    const size = width * height * 3
    return Array.from({ length: Math.floor(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size))
  } finally {
    await rm(folder, { recursive: true })
  }
}
