import type { Seconds } from '@cuewire/protocol'
import type { FrameSink } from '../media-tools.js'
import { inputArguments } from './input.js'
import { pipeName } from './run-child.js'

/** Bytes of one second of the sound that `decode` writes: 16 kHz, one channel, 16 bits. */
export const AUDIO_BYTES_PER_SECOND = 32_000

// Times are passed on in microseconds, whatever the file counts in. Without this ffmpeg rounds them to the frame rate.
const TIME_BASE = '1:1000000'
const HALF_TICK = 5e-7
const SEEK_MARGIN = 0.001

/** What one ffmpeg is to write: pictures for each sink, then the sound. */
export interface DecodeOutputs {
  readonly sinks: readonly FrameSink[]
  readonly audio: boolean
  readonly from: Seconds
}

/** The arguments of an ffmpeg that writes each output to its pipe, pictures as NUT with their times, sound as bare samples. */
export function decodeArguments(file: string, { sinks, audio, from }: DecodeOutputs): string[] {
  const seeks = from > 0 && sinks.length > 0
  // Only the picture skips ahead. A second opening of the file gives the sound from its start.
  const inputs = seeks ? [...startAt(from), ...inputArguments(file)] : inputArguments(file)
  const rest = seeks && audio ? inputArguments(file) : []
  const pictures = sinks.flatMap((sink, index) => [
    ...['-map', '0:V:0', '-vf', pictureFilter(sink, from)],
    ...['-vsync', 'passthrough', '-enc_time_base', TIME_BASE, '-c:v', 'rawvideo', '-pix_fmt', 'rgb24'],
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-f', 'nut', '-write_index', '0', pipeName(index)],
  ])
  const sound = [
    // Silence fills what comes before the first sample and where samples are missing, so that sample n is at n / 16000 s.
    ...['-map', `${seeks ? 1 : 0}:a:0`, '-af', 'aresample=16000:async=1:first_pts=0', '-ac', '1'],
    ...['-c:a', 'pcm_s16le', '-f', 's16le', pipeName(sinks.length)],
  ]
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-y', ...ABSOLUTE_TIMES],
    ...[...inputs, ...rest, ...pictures, ...(audio ? sound : [])],
  ]
}

/** Keeps times absolute after a seek, counted from the start of the file. */
export const ABSOLUTE_TIMES = ['-copyts', '-start_at_zero']

const startAt = (from: Seconds) => ['-ss', Math.max(0, from - SEEK_MARGIN).toFixed(6)]

// `select` sees the decoder's times: a frame of a sampled sink is the first one of its slot of 1 / rate seconds, and slots
// are counted from the start of the file, so that a pass which starts later picks the same frames.
function pictureFilter(sink: FrameSink, from: Seconds): string {
  const started = from > 0 ? [`gte(t,${(from - HALF_TICK).toFixed(7)})`] : []
  const slot = (time: string) => `floor(${time}*${sink.rate}+0.0001)`
  const sampled = sink.rate === 'every' ? [] : [`(isnan(prev_selected_t)+gt(${slot('t')},${slot('prev_selected_t')}))`]
  const conditions = [...started, ...sampled]
  const select = conditions.length > 0 ? [`select='${conditions.join('*')}'`] : []
  return [...select, `scale=${sink.width}:${sink.height}:flags=area`].join(',')
}
