import type { MediaTools } from '../media-tools.js'
import { pictures } from '../pictures.js'
import { type Binaries, type BinaryPaths, findBinaries } from './binaries.js'
import { decode } from './decode.js'
import { probe } from './probe.js'
import { rememberedInspect } from './remembered-inspect.js'
import { stills } from './stills.js'
import { subtitles } from './subtitles.js'

/** Media tools that run ffmpeg and ffprobe. */
export interface FfmpegTools extends MediaTools {
  /** The programs in use. Throws if there are no working ones. */
  binaries(): Promise<Binaries>
}

/** Media tools that run ffmpeg and ffprobe as child processes; the programs are chosen at the first use. */
export function createMediaTools(paths: BinaryPaths = {}): FfmpegTools {
  let found: Promise<Binaries> | undefined
  const binaries = () => {
    found ??= findBinaries(paths).catch((error: unknown) => {
      // Try again next time: the missing program may be there then.
      found = undefined
      throw error
    })
    return found
  }
  return { binaries, ...toolsOver(binaries) }
}

/** Media tools that run these programs. */
export function toolsWith(binaries: Binaries): MediaTools {
  return toolsOver(async () => binaries)
}

function toolsOver(binaries: () => Promise<Binaries>): MediaTools {
  const inspect = rememberedInspect()
  return {
    pictures,
    probe: async (file, signal, wishes = {}) => probe({ ...(await binaries()), inspect }, { file, wishes }, signal),
    decode: async (file, media, plan, signal) =>
      decode({ ...(await binaries()), inspect }, { file, media, plan }, signal),
    stills: async (file, media, request, signal) => stills(await binaries(), { file, media, ...request }, signal),
    subtitles: async (file, streamIndex, signal) =>
      subtitles({ ...(await binaries()), inspect }, { file, streamIndex }, signal),
  }
}
