import { execFileSync } from 'node:child_process'
import { type Binaries, findBinaries } from '@cuewire/server/media/ffmpeg/binaries.js'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import type { MediaTools } from '@cuewire/server/media/media-tools.js'

/** An ffmpeg that media tests run with. */
export interface Installation {
  readonly name: string
  readonly binaries: Pick<Binaries, 'ffmpeg' | 'ffprobe'>
  readonly media: MediaTools
}

/** The bundled ffmpeg and, where there is one, that on the PATH. */
export const installations: readonly Installation[] = await findInstallations()

async function findInstallations(): Promise<Installation[]> {
  const all = [await findBinaries({}), { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' }]
  return all.flatMap(binaries => {
    const version = versionOf(binaries.ffmpeg)
    const media = createMediaTools({ ffmpegPath: binaries.ffmpeg, ffprobePath: binaries.ffprobe })
    return version === undefined ? [] : [{ name: `ffmpeg ${version}`, binaries, media }]
  })
}

function versionOf(ffmpeg: string): string | undefined {
  try {
    return /version (\S+)/.exec(execFileSync(ffmpeg, ['-version'], { encoding: 'utf8' }))?.[1]
  } catch {
    return undefined
  }
}
