import { AppError } from '../../lib/app-error.js'
import type { Binaries } from './binaries.js'
import { crashed, decodeFault } from './failure.js'
import { inputArguments } from './input.js'
import { inspect } from './inspect.js'
import { readText } from './read-text.js'
import { pipeName, runChild } from './run-child.js'

const TIMEOUT_MS = 300_000
const MAX_TEXT_BYTES = 8 * 1024 * 1024
// Subtitles stored as pictures, which hold no text.
const PICTURES = ['dvd_subtitle', 'dvb_subtitle', 'hdmv_pgs_subtitle', 'xsub']

export interface SubtitlesRequest {
  readonly file: string
  readonly streamIndex: number
}

/** The text of one subtitle stream as WebVTT; `subtitles.invalid` when the stream is not there or holds no text. */
export async function subtitles(binaries: Binaries, request: SubtitlesRequest, signal?: AbortSignal): Promise<string> {
  const { file, streamIndex } = request
  const { media } = await inspect(binaries.ffprobe, file, signal)
  const stream = media.subtitles.find(({ index }) => index === streamIndex)
  if (!stream) throw new AppError('subtitles.invalid', `Stream ${streamIndex} of the file is not subtitles.`)
  if (PICTURES.includes(stream.codec)) {
    throw new AppError(
      'subtitles.invalid',
      `Stream ${streamIndex} holds subtitles as pictures (${stream.codec}), not text.`,
    )
  }
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-y', ...inputArguments(file)],
    ...['-map', `0:${streamIndex}`, '-c:s', 'webvtt', '-f', 'webvtt', pipeName(0)],
  ]
  const { value, exit } = await runChild(binaries.ffmpeg, args, {
    signal,
    timeoutMs: TIMEOUT_MS,
    pipes: 1,
    read: ([pipe]) => readText(pipe, MAX_TEXT_BYTES),
  })
  if (exit.crash) throw crashed(exit)
  if (exit.code !== 0) {
    const cause = new Error(exit.stderr)
    throw new AppError('subtitles.invalid', decodeFault(exit, file) ?? 'ffmpeg gave no reason.', { cause })
  }
  return value
}
