import { access, constants } from 'node:fs/promises'
import type { MediaInfo, Seconds } from '@cuewire/protocol'
import sharp from 'sharp'
import { AppError } from '../../lib/app-error.js'
import type { StillsRequest } from '../media-tools.js'
import type { Binaries } from './binaries.js'
import { ABSOLUTE_TIMES } from './decode-arguments.js'
import { pictureFault } from './failure.js'
import { inputArguments } from './input.js'
import { type NutFrame, readNut } from './nut.js'
import { type ChildExit, pipeName } from './run-child.js'
import { runReader } from './run-reader.js'
import { framesNear, ScreenFrames } from './screen-frames.js'

const TIMEOUT_MS = 60_000
const JPEG_QUALITY = 85
// More would hardly be faster, but hold many more pictures in memory.
const DECODER_THREADS = ['-threads', '2']
// With more, ffmpeg 5 holds back the last frames, until further ones are near a time.
const WRITER_THREADS = ['-threads', '1']
// Only frames this close to a time asked for are scaled and read, besides the first one.
const WINDOW_SECONDS = 0.25
// How far before the first time the decoder starts. Formats without an index, such as MPEG-TS, may land after it.
const STEPS_BACK = [0, 10, 60, Number.POSITIVE_INFINITY]

interface StillsOfFile extends StillsRequest {
  readonly file: string
  readonly media: MediaInfo
}

interface Size {
  readonly width: number
  readonly height: number
}

/** The pictures on the screen at some times: of each the last frame that is not later, or the first one of the file. */
export async function stills(binaries: Binaries, request: StillsOfFile, signal?: AbortSignal): Promise<void> {
  const { file, media, times, width, picture } = request
  if (!media.video) return
  await checkReadable(file)
  const size = sizeOf(media.video, width)
  const stream = media.video.index === undefined ? '0:V:0' : `0:${media.video.index}`
  const missing = new Set(times.filter(at => at >= 0 && at < media.duration))

  const search = async (from: Seconds, window: Seconds) => {
    const show = async (at: readonly Seconds[], frame: NutFrame) => {
      // After a crash the frames come again from the first.
      const asked = at.filter(time => missing.has(time))
      if (asked.length === 0) return
      const jpeg = await encode(frame, size)
      for (const time of asked) {
        missing.delete(time)
        await picture(time, jpeg)
      }
    }
    return await runPass(binaries, { file, stream, size, times: [...missing], from, window, show }, signal)
  }

  for (const back of STEPS_BACK) {
    const [first] = missing
    if (first === undefined) return
    const from = Math.max(0, first - back)
    let { exit, frames } = await search(from, WINDOW_SECONDS)
    // No frame came in the window of a time: one that was passed over before it may be on the screen.
    if ([...missing].some(at => frames.isReached(at))) ({ exit, frames } = await search(from, Number.POSITIVE_INFINITY))
    if (from > 0) continue
    if (missing.size > 0 && exit.code) throw pictureFault(exit, file)
    return
  }
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

interface Pass {
  readonly file: string
  /** The stream, as `-map` names it. */
  readonly stream: string
  readonly size: Size
  /** Ascending. */
  readonly times: readonly Seconds[]
  /** Where to start decoding, at the key frame before. */
  readonly from: Seconds
  /** Frames that are further before each time are passed over, except the first. */
  readonly window: Seconds
  readonly show: (times: readonly Seconds[], frame: NutFrame) => Promise<void>
}

/** Decodes once, until the frames of all times were shown. */
async function runPass(
  { ffmpeg, rateOption }: Binaries,
  pass: Pass,
  signal: AbortSignal | undefined,
): Promise<{ readonly exit: ChildExit; readonly frames: ScreenFrames }> {
  const { file, stream, size, times, from, window, show } = pass
  const { width, height } = size
  const near = window === Number.POSITIVE_INFINITY ? [] : [framesNear(times, window)]
  const filters = [...near, `scale=${width}:${height}:flags=bicubic`].join(',')
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-y', ...ABSOLUTE_TIMES],
    ...DECODER_THREADS,
    ...(from > 0 ? ['-noaccurate_seek', '-ss', from.toFixed(6)] : []),
    ...[...inputArguments(file), '-map', stream, '-vf', filters],
    ...[rateOption, 'passthrough', '-enc_time_base', '1:1000000', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-c:v', 'rawvideo', '-pix_fmt', 'rgb24', '-f', 'nut', '-write_index', '0', ...WRITER_THREADS, pipeName(0)],
  ]
  const { value: frames, exit } = await runReader(ffmpeg, args, {
    signal,
    timeoutMs: TIMEOUT_MS,
    pipes: 1,
    read: async ([pipe], stop, progress) => {
      const frames = new ScreenFrames({ times, fromStart: from === 0, window, show })
      for await (const frame of readNut(pipe, width * height * 3)) {
        progress()
        if (await frames.take(frame)) continue
        stop()
        break
      }
      return frames
    },
  })
  await frames.end()
  return { exit, frames }
}

async function encode({ data }: NutFrame, { width, height }: Size): Promise<Uint8Array> {
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer()
}
