import type { Readable } from 'node:stream'
import type { Seconds } from '@cuewire/protocol'
import sharp from 'sharp'
import { AppError } from '../../lib/app-error.js'
import type { Binaries } from './binaries.js'
import { ABSOLUTE_TIMES } from './decode-arguments.js'
import { unreadable } from './failure.js'
import { inputArguments } from './input.js'
import { inspect } from './inspect.js'
import { type NutFrame, readNut } from './nut.js'
import { pipeName, runChild } from './run-child.js'

const TIMEOUT_MS = 60_000
const JPEG_QUALITY = 85
// Times reach clients with three decimals; half of the last one finds the frame again whose time was rounded down.
const ROUNDING = 0.0005

export interface StillRequest {
  readonly file: string
  readonly at: Seconds
  /** Largest width in pixels. */
  readonly width: number
}

/** The picture on the screen at a time: the last frame that is not later. */
export async function still(binaries: Binaries, request: StillRequest, signal?: AbortSignal): Promise<Uint8Array> {
  const { file, at } = request
  const { media, duration } = await inspect(binaries.ffprobe, file, signal)
  const missing = () => new AppError('video.no_picture', `The video has no picture at ${at} s.`)
  if (!media.video || at < 0 || (duration !== undefined && at >= duration)) throw missing()
  const width = Math.max(1, Math.min(Math.floor(request.width), media.video.width))
  const height = Math.max(1, Math.round((media.video.height * width) / media.video.width))

  // The seek lands on the key frame before; from there every frame is decoded until one is later than asked for.
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-y', ...ABSOLUTE_TIMES],
    ...['-noaccurate_seek', '-ss', at.toFixed(6), ...inputArguments(file), '-map', `0:${media.video.index}`],
    ...['-vf', `scale=${width}:${height}:flags=bicubic`, binaries.rateOption, 'passthrough'],
    ...['-enc_time_base', '1:1000000', '-c:v', 'rawvideo', '-pix_fmt', 'rgb24'],
    // Chapters would give the output a second time base.
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-f', 'nut', '-write_index', '0', pipeName(0)],
  ]
  const { value, exit } = await runChild(binaries.ffmpeg, args, {
    signal,
    timeoutMs: TIMEOUT_MS,
    pipes: 1,
    read: ([pipe], stop) => lastNotAfter(pipe, { at, bytes: width * height * 3, stop }),
  })
  if (value)
    return await sharp(value, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: JPEG_QUALITY })
      .toBuffer()
  if (exit.code) throw unreadable(exit, file)
  throw missing()
}

interface Search {
  readonly at: Seconds
  readonly bytes: number
  readonly stop: () => void
}

async function lastNotAfter(pipe: Readable, { at, bytes, stop }: Search): Promise<Uint8Array | undefined> {
  let shown: NutFrame | undefined
  for await (const frame of readNut(pipe, bytes)) {
    if (shown && frame.at > at + ROUNDING) {
      stop()
      break
    }
    // The first frame stands for the time before it.
    shown = frame
  }
  return shown?.data
}
