import { availableParallelism } from 'node:os'
import type { MediaInfo } from '@cuewire/protocol'

/** Pixels a second that one thread decodes well ahead of what looks at them: 720p at 60 frames a second. */
const PIXELS_OF_A_THREAD = 1280 * 720 * 60

/**
 * Threads to decode a picture with. ffmpeg would take all cores, and each thread beyond the first costs about a tenth more
 * CPU time, which the models need beside it.
 */
export function decoderThreads(video: MediaInfo['video']): number {
  const { width = 0, height = 0, frameRate = 30 } = video ?? {}
  const wanted = Math.ceil((width * height * frameRate) / PIXELS_OF_A_THREAD)
  return Math.min(Math.max(1, wanted), availableParallelism())
}
