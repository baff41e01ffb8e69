import { open } from 'node:fs/promises'
import { type MediaInfo, Seconds } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { unreadable } from './failure.js'
import { inputArguments, MAX_PIXELS } from './input.js'
import { latestEnd, scanPackets } from './packets.js'
import { type Inspection, mediaTime, parseProbeOutput } from './probe-output.js'
import { readText } from './read-text.js'
import { runChild } from './run-child.js'
import { wavSize } from './wav-size.js'

const INSPECT_TIMEOUT_MS = 30_000
const SCAN_TIMEOUT_MS = 120_000
const MAX_DESCRIPTION_BYTES = 16 * 1024 * 1024
// A container may promise a little more than its streams hold: a last frame held, padding of the sound.
const TAIL_SECONDS = 2
const TAIL_SHARE = 0.05
const MAX_SECONDS = Seconds.maximum ?? Number.MAX_SAFE_INTEGER

/** Describes a file and makes sure that it is whole: its end must be there, not only its index. */
export async function probe(ffprobe: string, file: string, signal?: AbortSignal): Promise<MediaInfo> {
  const inspection = await inspect(ffprobe, file, signal)
  const duration = await settleDuration(ffprobe, file, { inspection, signal })
  if (duration <= 0)
    throw new AppError('media.no_streams', 'The file holds no picture and no sound: its duration is 0.')
  if (duration > MAX_SECONDS) {
    throw new AppError(
      'media.unreadable',
      `The file says it lasts over ${MAX_SECONDS / 3600} hours; it may be damaged.`,
    )
  }
  const { video } = inspection.media
  if (video && video.width * video.height > MAX_PIXELS) {
    const size = `${video.width}x${video.height}`
    throw new AppError(
      'media.unreadable',
      `The picture is ${size}, larger than the ${MAX_PIXELS} pixels this server decodes.`,
    )
  }
  return { ...inspection.media, duration: mediaTime(duration) }
}

/** Describes a file from its headers alone. */
export async function inspect(ffprobe: string, file: string, signal?: AbortSignal): Promise<Inspection> {
  const { head, size } = await readHead(file)
  if (head.length === 0) throw new AppError('media.unreadable', 'The file is empty.')
  const show = ['-show_format', '-show_streams', '-show_chapters', '-of', 'json']
  const { value, exit } = await runChild(ffprobe, ['-hide_banner', '-v', 'error', ...show, ...inputArguments(file)], {
    signal,
    timeoutMs: INSPECT_TIMEOUT_MS,
    pipes: 1,
    read: ([pipe]) => readText(pipe, MAX_DESCRIPTION_BYTES),
  })
  if (exit.code !== 0) throw unreadable(exit, file, head)
  const inspection = parseProbeOutput(value)
  // Of a WAV file ffprobe tells how long the bytes last that are there; the header tells how many there should be.
  const { duration } = inspection
  return { ...inspection, duration: duration && duration * Math.max(1, (wavSize(head) ?? 0) / size) }
}

async function readHead(file: string): Promise<{ readonly head: Uint8Array; readonly size: number }> {
  try {
    await using handle = await open(file)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(16), 0, 16, 0)
    return { head: buffer.subarray(0, bytesRead), size: (await handle.stat()).size }
  } catch (cause) {
    throw new AppError('server.internal', 'The stored file cannot be opened; see the server log.', { cause })
  }
}

interface Settling {
  readonly inspection: Inspection
  readonly signal: AbortSignal | undefined
}

// The end of the file is read, not decoded: a file cut in the middle still has the duration of the whole in its index,
// and no packets where that says they end. Files that state no duration (a browser's recording) are read through once.
async function settleDuration(ffprobe: string, file: string, { inspection, signal }: Settling): Promise<number> {
  const { duration, startTime, videoIndex, audioIndex } = inspection
  const tolerance = duration === undefined ? 0 : Math.max(TAIL_SECONDS, duration * TAIL_SHARE)
  const from = duration === undefined ? undefined : startTime + Math.max(0, duration - TAIL_SECONDS)
  const scan = await scanPackets(ffprobe, file, {
    timeoutMs: SCAN_TIMEOUT_MS,
    signal,
    ...(from !== undefined && { from }),
  })
  if (scan.exit.code !== 0) throw unreadable(scan.exit, file)
  const end = latestEnd(scan, [videoIndex, audioIndex]) - startTime
  if (duration === undefined) return end
  if (scan.partial || end < duration - tolerance) {
    const reached = Number.isFinite(end) ? `nothing follows ${end.toFixed(1)} s` : 'nothing is there'
    const message = `The file is cut short: it says it lasts ${duration.toFixed(1)} s and ${reached}. Send it again, whole.`
    throw new AppError('media.truncated', message)
  }
  return duration
}
