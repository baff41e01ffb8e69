import { execFileSync } from 'node:child_process'
import type { BinaryPaths } from '@cuewire/server/media/ffmpeg/binaries.js'

/** The ffmpeg that is installed with Cuewire, and the one of this machine where there is one. */
export function ffmpegs(): { readonly name: string; readonly paths: BinaryPaths }[] {
  const bundled = { name: 'the bundled ffmpeg', paths: {} }
  try {
    const version = /version (\S+)/.exec(execFileSync('ffmpeg', ['-version'], { encoding: 'utf8' }))?.[1]
    return [
      bundled,
      {
        name: `ffmpeg ${version}`,
        paths: { ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe', searchPath: process.env['PATH'] },
      },
    ]
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [bundled]
    throw error
  }
}
