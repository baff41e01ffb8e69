import { type Binaries, findBinaries } from '@cuewire/server/media/ffmpeg/binaries.js'
import { createMediaTools, type FfmpegTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'

/** An ffmpeg that media tests run with. */
export interface Installation {
  readonly name: string
  readonly binaries: Binaries
  readonly media: FfmpegTools
}

/** The bundled ffmpeg and, where there is a recent one, that on the PATH. */
export const installations: readonly Installation[] = await findInstallations()

async function findInstallations(): Promise<Installation[]> {
  const bundled = await findBinaries()
  const chosen = await findBinaries({ searchPath: process.env['PATH'] })
  const different = chosen.ffmpeg === bundled.ffmpeg ? [] : [chosen]
  return [bundled, ...different].map(binaries => ({
    name: `ffmpeg ${binaries.programs[0].version.text}`,
    binaries,
    media: createMediaTools({ ffmpegPath: binaries.ffmpeg, ffprobePath: binaries.ffprobe }),
  }))
}
