import { availableParallelism } from 'node:os'
import type { MediaInfo } from '@cuewire/protocol'

/** Pixels per second that one thread can decode well ahead of their use: 720p at 60 frames per second. */
const PIXELS_OF_A_THREAD = 1280 * 720 * 60

/**
 * Threads for decoding video. ffmpeg would use all cores, but each thread after the first costs about a tenth more CPU
 * time, which the models need.
 */
export function decoderThreads(video: MediaInfo['video']): number {
  const { width = 0, height = 0, frameRate = 30 } = video ?? {}
  const wanted = Math.ceil((width * height * frameRate) / PIXELS_OF_A_THREAD)
  return Math.min(Math.max(1, wanted), availableParallelism())
}
