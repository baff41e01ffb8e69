import type { MediaInfo, Seconds } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { inspect } from './inspect.js'
import { latestEnd, scanPackets } from './packets.js'

const SCAN_TIMEOUT_MS = 600_000
// How far before the promised end a whole file may stop: frames are held, sound is padded, durations are rounded.
const TOLERANCE_SECONDS = 3
const TOLERANCE_SHARE = 0.1

export interface DecodedFile {
  readonly file: string
  readonly media: MediaInfo
  readonly decoded: { readonly video: boolean; readonly audio: boolean; readonly reached: Seconds }
}

/**
 * Throws `media.truncated` when a pass ended well before the file does. A pass over the picture alone may rightly end
 * before the duration of the file, whose sound goes on; so a short one is held against the packets of its own streams.
 */
export async function checkEnd(
  ffprobe: string,
  { file, media, decoded }: DecodedFile,
  signal: AbortSignal,
): Promise<void> {
  const { duration } = media
  const tolerance = Math.max(TOLERANCE_SECONDS, duration * TOLERANCE_SHARE)
  if (decoded.reached >= duration - tolerance) return
  const { startTime, videoIndex, audioIndex } = await inspect(ffprobe, file, signal)
  const scan = await scanPackets(ffprobe, file, { timeoutMs: SCAN_TIMEOUT_MS, signal })
  const whole = latestEnd(scan, [videoIndex, audioIndex]) - startTime
  const own = latestEnd(scan, [decoded.video ? videoIndex : -1, decoded.audio ? audioIndex : -1]) - startTime
  if (!scan.partial && whole >= duration - tolerance && decoded.reached >= own - tolerance) return
  const [reached, promised] = [decoded.reached.toFixed(1), duration.toFixed(1)]
  const message = `The file could be decoded up to ${reached} s of ${promised} s only; it is cut short or damaged there.`
  throw new AppError('media.truncated', message)
}
