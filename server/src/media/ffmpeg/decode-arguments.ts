import type { Seconds } from '@cuewire/protocol'
import type { FrameSink } from '../media-tools.js'
import type { RateOption } from './binaries.js'
import { inputArguments } from './input.js'
import type { SoundSource } from './probe-output.js'
import { pipeName } from './run-child.js'

/** Sample rate of the audio that `decode` writes. */
export const SOUND_RATE = 16_000

// Times are output in microseconds, whatever the time base of the file. Otherwise ffmpeg rounds them to the frame rate.
const TIME_BASE = '1:1000000'
const HALF_TICK = 5e-7
const COMMON = [
  ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-y'],
  // Continue however much of a stream is damaged.
  ...['-max_error_rate', '1'],
]
const NUT = ['-map_metadata', '-1', '-map_chapters', '-1', '-f', 'nut', '-write_index', '0']

/** The pictures that one ffmpeg is to write, for each sink. */
export interface PictureOutputs {
  /** Number of the stream. */
  readonly picture: number
  readonly sinks: readonly FrameSink[]
  readonly from: Seconds
  readonly rateOption: RateOption
  readonly threads: number
}

/** The arguments of an ffmpeg that writes raw pictures with their times to a pipe for each sink. */
export function pictureArguments(file: string, outputs: PictureOutputs): string[] {
  const { picture, sinks, from, rateOption, threads } = outputs
  // Seek to the preceding key frame.
  const seek = from > 0 ? ['-noaccurate_seek', '-ss', from.toFixed(6)] : []
  return [
    ...[...COMMON, ...(from > 0 ? ABSOLUTE_TIMES : [])],
    ...['-threads', String(threads), ...seek, ...inputArguments(file)],
    ...sinks.flatMap((sink, at) => [
      ...['-map', `0:${picture}`, '-vf', pictureFilter(sink, from)],
      ...[rateOption, 'passthrough', '-enc_time_base', TIME_BASE, '-c:v', 'rawvideo'],
      ...['-pix_fmt', sink.format ?? 'rgb24'],
      ...[...NUT, pipeName(at)],
    ]),
  ]
}

/** The arguments of an ffmpeg that writes samples with their times to its stdout. */
export function soundArguments(file: string, sound: SoundSource): string[] {
  return [
    ...[...COMMON, '-threads', '1', ...inputArguments(file)],
    ...[...sampleArguments(sound, SOUND_RATE), ...NUT, pipeName(0)],
  ]
}

/** The arguments that make 16-bit samples of a track, mixed to `writtenChannels`. */
export function sampleArguments(sound: SoundSource, rate: number): string[] {
  return [
    ...['-map', `0:${sound.index}`, '-af', soundFilter(sound, rate)],
    ...['-ac', String(writtenChannels(sound)), '-c:a', 'pcm_s16le'],
  ]
}

/**
 * Keeps times absolute after a seek, counted from the start of the file. Without a seek this is already so, and ffmpeg
 * can then join recordings whose clock restarts in the middle.
 */
export const ABSOLUTE_TIMES = ['-copyts', '-start_at_zero']

// A frame is shown until the next one, however long that is. So a sampled sink gets the frame shown at each multiple of
// 1 / rate, repeatedly if it is held; the first frame counts from the multiple before it. Multiples count from the
// start of the file, so a pass that starts later picks the same frames.
function pictureFilter(sink: FrameSink, from: Seconds): string {
  const { rate, width, height } = sink
  const sampled =
    rate === 'every' ? [] : [`setpts='if(eq(N,0),floor(T*${rate}+0.0001)/${rate}/TB,PTS)'`, `fps=fps=${rate}:round=up`]
  const started = from > 0 ? [`select='gte(t,${(from - HALF_TICK).toFixed(7)})'`] : []
  return [...sampled, ...started, `scale=${width}:${height}:flags=area`].join(',')
}

/** Channels that ffmpeg outputs. Stereo is mixed here, because ffmpeg's mix would let channels cancel each other. */
export const writtenChannels = ({ channels }: SoundSource): 1 | 2 => (channels === 2 ? 2 : 1)

// Channels without names all get the same weight. They are not averaged, so that a voice in a single channel stays
// audible.
function soundFilter({ channels, named }: SoundSource, rate: number): string {
  const gain = (1 / Math.sqrt(channels)).toFixed(4)
  const sum = Array.from({ length: channels }, (_, channel) => `${gain}*c${channel}`).join('+')
  return [...(named || channels < 3 ? [] : [`pan=mono|c0=${sum}`]), `aresample=${rate}`, 'atrim=start=0'].join(',')
}
