import { access, constants } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { MediaInfo, Seconds } from '@cuewire/protocol'
import sharp from 'sharp'
import { AppError } from '../../lib/app-error.js'
import type { StillRequest } from '../media-tools.js'
import type { Binaries } from './binaries.js'
import { ABSOLUTE_TIMES } from './decode-arguments.js'
import { unreadable } from './failure.js'
import { inputArguments } from './input.js'
import { type NutFrame, readNut } from './nut.js'
import { type ChildExit, pipeName, runChild } from './run-child.js'

const TIMEOUT_MS = 60_000
const JPEG_QUALITY = 85
// Times reach clients with three decimals; half of the last one finds the frame again whose time was rounded down.
const ROUNDING = 0.0005
// More would hardly be faster, but hold many more pictures in memory.
const THREADS = ['-threads', '2']
// Only frames this close to the time asked for are scaled and read, besides the first one.
const WINDOW_SECONDS = 0.25
// How far before the time the decoder starts. Formats without an index, such as MPEG-TS, may land after it.
const STEPS_BACK = [0, 10, 60, Number.POSITIVE_INFINITY]

interface StillOfFile extends StillRequest {
  readonly file: string
  readonly media: MediaInfo
}

interface Size {
  readonly width: number
  readonly height: number
}

/** The picture on the screen at a time: the last frame that is not later, or the first one of the file. */
export async function still(binaries: Binaries, request: StillOfFile, signal?: AbortSignal): Promise<Uint8Array> {
  const { file, media, at } = request
  const missing = () => new AppError('video.no_picture', `The video has no picture at ${at} s.`)
  if (!media.video || at < 0 || at >= media.duration) throw missing()
  await checkReadable(file)
  const size = sizeOf(media.video, request.width)
  const picture = media.video.index === undefined ? '0:V:0' : `0:${media.video.index}`
  const search = (from: Seconds, shownFrom: Seconds) =>
    searchFrom(binaries, { file, picture, at, size, from, shownFrom }, signal)

  const windowStart = at - WINDOW_SECONDS
  for (const back of STEPS_BACK) {
    const from = Math.max(0, at - back)
    let found = await search(from, windowStart)
    // The first frame came before the window and none in it: one that was passed over in between may be on the screen.
    const { first, shown } = found
    if (shown !== undefined && shown === first && shown.at < windowStart) found = await search(from, 0)
    const frame = found.shown ?? (from === 0 ? found.first : undefined)
    if (frame) return await jpeg(frame, size)
    if (from > 0) continue
    if (found.exit.code) throw unreadable(found.exit, file)
    break
  }
  throw missing()
}

async function checkReadable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK)
  } catch (cause) {
    throw new AppError('server.internal', 'The stored file cannot be opened; see the server log.', { cause })
  }
}

function sizeOf(video: Size, maxWidth: number): Size {
  const width = Math.max(1, Math.min(Math.floor(maxWidth), video.width))
  return { width, height: Math.max(1, Math.round((video.height * width) / video.width)) }
}

interface Search {
  readonly file: string
  /** The stream, as `-map` names it. */
  readonly picture: string
  readonly at: Seconds
  readonly size: Size
  /** Where to start decoding, at the key frame before. */
  readonly from: Seconds
  /** Frames before this time are passed over, except the first. */
  readonly shownFrom: Seconds
}

interface Found {
  /** The first frame that was decoded. */
  readonly first: NutFrame | undefined
  /** The last frame that is not later than the time asked for. */
  readonly shown: NutFrame | undefined
  readonly exit: ChildExit
}

async function searchFrom(
  { ffmpeg, rateOption }: Binaries,
  search: Search,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const { file, picture, at, size, from, shownFrom } = search
  const { width, height } = size
  const select = `select='isnan(prev_selected_t)+gte(t,${shownFrom.toFixed(6)})'`
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-y', ...ABSOLUTE_TIMES],
    ...THREADS,
    ...(from > 0 ? ['-noaccurate_seek', '-ss', from.toFixed(6)] : []),
    ...[...inputArguments(file), '-map', picture, '-vf', `${select},scale=${width}:${height}:flags=bicubic`],
    ...[rateOption, 'passthrough', '-enc_time_base', '1:1000000', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-c:v', 'rawvideo', '-pix_fmt', 'rgb24', '-f', 'nut', '-write_index', '0', pipeName(0)],
  ]
  const { value, exit } = await runChild(ffmpeg, args, {
    signal,
    timeoutMs: TIMEOUT_MS,
    pipes: 1,
    read: ([pipe], stop) => readUntil(pipe, { at, bytes: width * height * 3, stop }),
  })
  return { ...value, exit }
}

interface Reading {
  readonly at: Seconds
  readonly bytes: number
  readonly stop: () => void
}

async function readUntil(pipe: Readable, { at, bytes, stop }: Reading): Promise<Omit<Found, 'exit'>> {
  let first: NutFrame | undefined
  let shown: NutFrame | undefined
  for await (const frame of readNut(pipe, bytes)) {
    first ??= frame
    if (frame.at > at + ROUNDING) {
      stop()
      break
    }
    shown = frame
  }
  return { first, shown }
}

async function jpeg({ data }: NutFrame, { width, height }: Size): Promise<Uint8Array> {
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer()
}
