import { LIMITS } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import type { Binaries } from './binaries.js'
import { decodeFault } from './failure.js'
import { inputArguments } from './input.js'
import { UNKNOWN_SUBTITLES } from './probe-output.js'
import { readTextStart } from './read-text.js'
import type { Inspector } from './remembered-inspect.js'
import { pipeName } from './run-child.js'
import { runReader } from './run-reader.js'

const TIMEOUT_MS = 300_000
// One byte more than is used, so that the parser can tell that there was more.
const MAX_TEXT_BYTES = LIMITS.embeddedSubtitlesBytes + 1
const SCRIPTS = ['ass', 'ssa']
const WEBVTT = 'webvtt'
// Subtitles stored as pictures, which hold no text.
const PICTURES = ['dvd_subtitle', 'dvb_subtitle', 'hdmv_pgs_subtitle', 'xsub']

export interface SubtitlesRequest {
  readonly file: string
  readonly streamIndex: number
}

/**
 * The text of one subtitle stream, as a script where it is SubStation Alpha, else as WebVTT; of long ones as much as
 * `parseSubtitles` reads and a byte more;
 * `subtitles.invalid` when the stream is not there or holds no text.
 */
export async function subtitles(
  { inspect, ...binaries }: Binaries & Inspector,
  request: SubtitlesRequest,
  signal?: AbortSignal,
): Promise<string> {
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
  if (UNKNOWN_SUBTITLES.includes(stream.codec)) {
    throw new AppError('subtitles.invalid', 'ffmpeg has no decoder for it.')
  }
  // Scripts and WebVTT are copied: the decoder would drop what tells drawings and remarks from speech, and voice spans.
  const isScript = SCRIPTS.includes(stream.codec)
  const codec = isScript || stream.codec === WEBVTT ? 'copy' : WEBVTT
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-y'],
    // Else cues that are not UTF-8 would be left out.
    ...['-sub_charenc_mode', 'ignore', ...inputArguments(file)],
    ...['-map', `0:${streamIndex}`, '-c:s', codec, '-f', isScript ? 'ass' : WEBVTT, pipeName(0)],
  ]
  const { value, exit } = await runReader(binaries.ffmpeg, args, {
    signal,
    timeoutMs: TIMEOUT_MS,
    pipes: 1,
    read: async ([pipe], stop) => {
      const start = await readTextStart(pipe, MAX_TEXT_BYTES)
      if (start.isCut) stop()
      return start
    },
  })
  if (exit.code !== 0 && !value.isCut) {
    const cause = new Error(exit.stderr)
    throw new AppError('subtitles.invalid', decodeFault(exit, file) ?? 'ffmpeg gave no reason.', { cause })
  }
  return value.text
}
