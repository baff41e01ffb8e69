import { type AudioStream, LIMITS, type MediaInfo, type SubtitleStream, type VideoStream } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { AppError } from '../../lib/app-error.js'
import { toLine } from '../../lib/text.js'

// What of ffprobe's JSON is read. Everything is optional: ffprobe leaves out what a file does not tell.
const Tags = Type.Optional(Type.Record(Type.String(), Type.String()))
const Stream = Type.Object({
  index: Type.Integer({ minimum: 0 }),
  codec_type: Type.Optional(Type.String()),
  codec_name: Type.Optional(Type.String()),
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
  sample_aspect_ratio: Type.Optional(Type.String()),
  avg_frame_rate: Type.Optional(Type.String()),
  sample_rate: Type.Optional(Type.String()),
  channels: Type.Optional(Type.Integer()),
  channel_layout: Type.Optional(Type.String()),
  start_time: Type.Optional(Type.String()),
  duration: Type.Optional(Type.String()),
  disposition: Type.Optional(Type.Object({ attached_pic: Type.Optional(Type.Integer()) })),
  side_data_list: Type.Optional(Type.Array(Type.Object({ rotation: Type.Optional(Type.Number()) }))),
  tags: Tags,
})
type Stream = Static<typeof Stream>

const ProbeOutput = Type.Object({
  format: Type.Object({
    format_name: Type.String(),
    start_time: Type.Optional(Type.String()),
    duration: Type.Optional(Type.String()),
  }),
  streams: Type.Array(Stream),
  chapters: Type.Array(Type.Object({ start_time: Type.String(), end_time: Type.String(), tags: Tags })),
})
type ProbeOutput = Static<typeof ProbeOutput>

/** A sound stream of a file. */
export interface SoundSource {
  readonly index: number
  readonly sampleRate: number
  readonly channels: number
  /** Whether the file tells what each channel is. */
  readonly named: boolean
}

/** What ffprobe says of a file, before its duration is settled. */
export interface Inspection {
  readonly media: Omit<MediaInfo, 'duration'>
  /** Time stamp of the start of the file; media time is counted from it. */
  readonly startTime: number
  /** In seconds; undefined when the file does not say. */
  readonly duration: number | undefined
  /** Number of the stream that is the picture, and of the one that is the sound. */
  readonly videoIndex: number | undefined
  readonly audioIndex: number | undefined
  /** The picture and sound streams, the one described by `media` first; the others stand in when it cannot be decoded. */
  readonly pictures: readonly number[]
  readonly sounds: readonly SoundSource[]
}

/** Parses the JSON of `ffprobe -show_format -show_streams -show_chapters`; `media.no_streams` without picture and sound. */
export function parseProbeOutput(text: string): Inspection {
  const output = parse(text)
  const pictures = knownFirst(output.streams.filter(isPicture))
  const sounds = knownFirst(output.streams.filter(isSound))
  const [[video], [audio]] = [pictures, sounds]
  if (!video && !audio) throw new AppError('media.no_streams', 'The file has neither picture nor sound.')
  const { format } = output
  const startTime = seconds(format.start_time) ?? 0
  return {
    media: {
      container: toLine(format.format_name, 200),
      ...(video && { video: videoStream(video) }),
      ...(audio && { audio: audioStream(audio) }),
      subtitles: output.streams
        .filter(stream => stream.codec_type === 'subtitle')
        .slice(0, 100)
        .map(subtitleStream),
      chapters: output.chapters.slice(0, 1000).flatMap(chapter => chapterOf(chapter, startTime)),
    },
    startTime,
    duration: seconds(format.duration) ?? longest([video, audio]),
    videoIndex: video?.index,
    audioIndex: audio?.index,
    pictures: pictures.map(stream => stream.index),
    sounds: sounds.map(soundSource),
  }
}

function parse(text: string): ProbeOutput {
  try {
    const json: unknown = JSON.parse(text)
    return Value.Decode(ProbeOutput, json)
  } catch (cause) {
    throw new AppError('media.unreadable', 'The description of the file cannot be read; it may be damaged.', { cause })
  }
}

// A cover picture stored beside the sound is not video.
const isPicture = (stream: Stream) =>
  stream.codec_type === 'video' && !stream.disposition?.attached_pic && isCount(stream.width) && isCount(stream.height)

const isSound = (stream: Stream) =>
  stream.codec_type === 'audio' && isCount(stream.channels) && isCount(Number(stream.sample_rate))

const isCount = (value: number | undefined) => value !== undefined && Number.isInteger(value) && value >= 1

/** The streams in the order of the file, after them those whose codec ffprobe does not know. */
const knownFirst = (streams: readonly Stream[]): Stream[] => {
  const isKnown = ({ codec_name: codec }: Stream) => codec !== undefined && codec !== 'unknown' && codec !== 'none'
  return [...streams.filter(isKnown), ...streams.filter(stream => !isKnown(stream))]
}

function soundSource({ index, sample_rate: rate, channels = 1, channel_layout: layout = '' }: Stream): SoundSource {
  // Versions differ in what they write for channels without a name: nothing, "unknown", or "10 channels".
  return { index, sampleRate: Number(rate), channels, named: !/^($|unknown|\d+ channels)/.test(layout) }
}

function videoStream(stream: Stream): VideoStream {
  const rotation = rotationOf(stream)
  const width = Math.max(1, Math.round((stream.width ?? 1) * (ratio(stream.sample_aspect_ratio, ':') ?? 1)))
  const height = stream.height ?? 1
  const frameRate = ratio(stream.avg_frame_rate, '/')
  const lying = rotation % 180 === 90
  return {
    codec: codecOf(stream),
    width: lying ? height : width,
    height: lying ? width : height,
    ...(frameRate && { frameRate }),
    rotation,
  }
}

// ffprobe counts the display matrix anticlockwise, and the older tag clockwise.
function rotationOf(stream: Stream): number {
  const matrix = stream.side_data_list?.find(data => data.rotation !== undefined)?.rotation
  const clockwise = matrix === undefined ? Number(stream.tags?.['rotate'] ?? 0) : -matrix
  return Number.isFinite(clockwise) ? ((Math.round(clockwise) % 360) + 360) % 360 : 0
}

function audioStream(stream: Stream): AudioStream {
  return {
    codec: codecOf(stream),
    sampleRate: Number(stream.sample_rate),
    channels: stream.channels ?? 1,
    ...languageOf(stream),
  }
}

function subtitleStream(stream: Stream): SubtitleStream {
  const title = toLine(stream.tags?.['title'] ?? '', LIMITS.titleLength)
  return { index: stream.index, codec: codecOf(stream), ...languageOf(stream), ...(title && { title }) }
}

const codecOf = (stream: Stream) => toLine(stream.codec_name ?? 'unknown', 64)

function languageOf(stream: Stream): { language?: string } {
  const language = toLine(stream.tags?.['language'] ?? '', 36)
  return language && language !== 'und' && language.length <= 35 ? { language } : {}
}

function chapterOf(chapter: ProbeOutput['chapters'][number], startTime: number): MediaInfo['chapters'] {
  const [start, end] = [seconds(chapter.start_time), seconds(chapter.end_time)]
  if (start === undefined || end === undefined || end <= start) return []
  const title = toLine(chapter.tags?.['title'] ?? '', LIMITS.titleLength)
  return [{ start: mediaTime(start - startTime), end: mediaTime(end - startTime), ...(title && { title }) }]
}

/** Media time as the protocol has it: not negative, three decimals. */
export const mediaTime = (value: number): number => Math.max(0, Math.round(value * 1000) / 1000)

const longest = (streams: readonly (Stream | undefined)[]): number | undefined => {
  const known = streams.map(stream => seconds(stream?.duration)).filter(value => value !== undefined)
  return known.length > 0 ? Math.max(...known) : undefined
}

function seconds(text: string | undefined): number | undefined {
  const value = Number(text)
  return text !== undefined && Number.isFinite(value) ? value : undefined
}

function ratio(text: string | undefined, separator: ':' | '/'): number | undefined {
  const [numerator, denominator] = (text ?? '').split(separator).map(Number)
  const value = (numerator ?? 0) / (denominator ?? 0)
  return Number.isFinite(value) && value > 0 ? value : undefined
}
