import { type AudioStream, LIMITS, type MediaInfo, type SubtitleStream, type VideoStream } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import { AppError } from '../../lib/app-error.js'
import { SchemaCheck } from '../../lib/schema-check.js'
import { toLine } from '../../lib/text.js'
import {
  picturesOf,
  type Ranking,
  rankPictures,
  rankSounds,
  type SoundWishes,
  soundsOf,
  withoutPhantom,
} from './choose-streams.js'
import type { RawChapter } from './file-chapters.js'
import { isEncrypted, ProbedStream, Tags, tag } from './probed-stream.js'
import { roleOf } from './track-role.js'

// The part of ffprobe's JSON that we read. All optional, because ffprobe omits what a file does not contain.
const ProbeOutput = Type.Object({
  format: Type.Object({
    format_name: Type.String(),
    start_time: Type.Optional(Type.String()),
    duration: Type.Optional(Type.String()),
  }),
  streams: Type.Array(ProbedStream),
  chapters: Type.Optional(
    Type.Array(
      Type.Object({ start_time: Type.Optional(Type.String()), end_time: Type.Optional(Type.String()), tags: Tags }),
    ),
  ),
})
export type ProbeOutput = Static<typeof ProbeOutput>

const check = new SchemaCheck(ProbeOutput)

const DESCRIPTION = [
  'format=format_name,start_time,duration',
  'stream=index,codec_type,codec_name,codec_tag_string,width,height,sample_aspect_ratio,avg_frame_rate,sample_rate,channels,channel_layout,duration,nb_frames',
  'stream_disposition=default,forced,attached_pic,comment,visual_impaired,descriptions,dub,timed_thumbnails',
  'stream_tags=language,title,handler_name,rotate,duration,enc_key_id',
  'stream_side_data=rotation',
]

/** The `-show_entries` of ffprobe that `parseProbeOutput` reads: all, or all but chapters that are too many or read elsewhere. */
export const PROBE_ENTRIES = {
  all: [...DESCRIPTION, 'chapter=start_time,end_time', 'chapter_tags=title'].join(':'),
  withoutChapters: DESCRIPTION.join(':'),
} as const

/** Tags of text tracks of MP4 files that ffmpeg has no decoder for: WebVTT, TTML and the like. */
export const UNKNOWN_SUBTITLES = ['wvtt', 'stpp', 'stxt', 'sbtt']

/** Most tracks of a kind that are listed. */
const MAX_TRACKS = 100

/** A sound stream of a file. */
export interface SoundSource {
  readonly index: number
  readonly sampleRate: number
  readonly channels: number
  /** Whether the file tells what each channel is. */
  readonly named: boolean
}

/** The result of ffprobe, before the length is verified. */
export interface Inspection {
  readonly media: Omit<MediaInfo, 'duration' | 'chapters' | 'warnings'>
  readonly chapters: readonly RawChapter[]
  /** Time stamp of the start of the file; media time is counted from it. */
  readonly startTime: number
  /** Length of the whole file in seconds; undefined if not declared. */
  readonly duration: number | undefined
  /** Length of video and audio in seconds; undefined if not declared. */
  readonly playTime: number | undefined
  /** The stream that is the picture, and the one that is the sound. */
  readonly videoIndex: number | undefined
  readonly audioIndex: number | undefined
  /** Video and audio streams. The first is the one in `media`; the others are tried if it cannot be decoded. */
  readonly pictures: readonly number[]
  readonly sounds: readonly SoundSource[]
  /** Streams tagged as encrypted. */
  readonly encrypted: readonly number[]
}

/** Interprets the output of ffprobe with `PROBE_ENTRIES`; `media.no_streams` without picture and sound. */
export function inspectionOf(output: ProbeOutput, wishes: SoundWishes = {}): Inspection {
  const { format } = output
  const streams = withoutPhantom(format.format_name, output.streams)
  const [allPictures, allSounds] = [picturesOf(streams), soundsOf(streams)]
  const sounds = rankSounds(allSounds, wishes)
  const pictures = rankPictures(allPictures, allSounds.length > 0, wishes)
  const [[video], [audio]] = [pictures.streams, sounds.streams]
  if (!video && !audio) throw new AppError('media.no_streams', 'The file has neither picture nor sound.')
  const startTime = seconds(format.start_time) ?? 0
  const chosen = [video, audio].filter(stream => stream !== undefined)
  const own = longest(chosen)
  const duration = seconds(format.duration) ?? own
  return {
    media: {
      container: toLine(format.format_name, 200),
      ...(video && { video: { ...videoStream(video), ...chosenFor(pictures) } }),
      ...(audio && { audio: { ...audioStream(audio), ...chosenFor(sounds) } }),
      ...(allPictures.length > 0 && { pictures: allPictures.slice(0, MAX_TRACKS).map(videoStream) }),
      ...(allSounds.length > 0 && { sounds: allSounds.slice(0, MAX_TRACKS).map(audioStream) }),
      subtitles: streams.filter(isSubtitle).slice(0, MAX_TRACKS).map(subtitleStream),
    },
    chapters: (output.chapters ?? []).flatMap(chapter => rawChapter(chapter, startTime)),
    startTime,
    duration,
    // The duration of the file also includes subtitle, data and cover tracks, which may run past the film.
    playTime: streams.length === chosen.length ? believable(format.format_name, duration, own) : own,
    videoIndex: video?.index,
    audioIndex: audio?.index,
    pictures: pictures.streams.map(stream => stream.index),
    sounds: sounds.streams.map(soundSource),
    encrypted: chosen.filter(isEncrypted).map(stream => stream.index),
  }
}

const chosenFor = ({ reason }: Ranking) => reason && { chosen: reason }

/** Parses the JSON of ffprobe. */
export function parseProbeOutput(text: string): ProbeOutput {
  const refuse = (cause: unknown) =>
    new AppError('media.unreadable', 'The headers of the file cannot be read; the file may be damaged.', { cause })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw refuse(error)
  }
  if (!check.valid(json)) throw refuse(new Error(JSON.stringify(check.faults(json))))
  return json as ProbeOutput
}

function soundSource({
  index,
  sample_rate: rate,
  channels = 1,
  channel_layout: layout = '',
}: ProbedStream): SoundSource {
  // Versions of ffprobe write different things for channels without names: nothing, "unknown", or "10 channels".
  return { index, sampleRate: Number(rate), channels, named: !/^($|unknown|\d+ channels)/.test(layout) }
}

// ffmpeg lists unknown subtitle formats as data.
const isSubtitle = ({ codec_type: type, codec_tag_string: tag = '' }: ProbedStream) =>
  type === 'subtitle' || (type === 'data' && UNKNOWN_SUBTITLES.includes(tag))

function videoStream(stream: ProbedStream): VideoStream {
  const rotation = rotationOf(stream)
  const width = Math.max(1, Math.round((stream.width ?? 1) * (ratio(stream.sample_aspect_ratio, ':') ?? 1)))
  const height = stream.height ?? 1
  const frameRate = ratio(stream.avg_frame_rate, '/')
  const lying = rotation % 180 === 90
  return {
    index: stream.index,
    codec: codecOf(stream),
    width: lying ? height : width,
    height: lying ? width : height,
    ...(frameRate && { frameRate }),
    rotation,
    ...labelOf(stream),
  }
}

// ffprobe counts the display matrix anticlockwise, and the older tag clockwise.
function rotationOf(stream: ProbedStream): number {
  const matrix = stream.side_data_list?.find(data => data.rotation !== undefined)?.rotation
  const clockwise = matrix === undefined ? Number(tag(stream.tags, 'rotate') ?? 0) : -matrix
  return Number.isFinite(clockwise) ? ((Math.round(clockwise) % 360) + 360) % 360 : 0
}

function audioStream(stream: ProbedStream): AudioStream {
  const role = roleOf(stream)
  return {
    index: stream.index,
    codec: codecOf(stream),
    sampleRate: Number(stream.sample_rate),
    channels: stream.channels ?? 1,
    ...languageOf(stream),
    ...(role && { role }),
    ...labelOf(stream),
  }
}

function subtitleStream(stream: ProbedStream): SubtitleStream {
  return {
    index: stream.index,
    codec: codecOf(stream),
    ...languageOf(stream),
    ...labelOf(stream),
    ...(stream.disposition?.forced === 1 && { isForced: true }),
  }
}

function labelOf({ tags, disposition }: ProbedStream): { title?: string; isDefault?: true } {
  const title = toLine(tag(tags, 'title') ?? '', LIMITS.titleLength)
  return { ...(title && { title }), ...(disposition?.default === 1 && { isDefault: true }) }
}

// For a codec unknown to ffprobe, its four-letter code in the file.
const codecOf = ({ codec_name, codec_tag_string = '' }: ProbedStream) =>
  codec_name && codec_name !== 'unknown'
    ? toLine(codec_name, 64)
    : /^\w{2,8}$/.test(codec_tag_string)
      ? codec_tag_string
      : 'unknown'

function languageOf(stream: ProbedStream): { language?: string } {
  const language = toLine(tag(stream.tags, 'language') ?? '', 36)
  return language !== 'und' && /^[A-Za-z0-9-]{2,35}$/.test(language) ? { language } : {}
}

function rawChapter(chapter: NonNullable<ProbeOutput['chapters']>[number], startTime: number): RawChapter[] {
  const [start, end] = [seconds(chapter.start_time), seconds(chapter.end_time)]
  if (start === undefined) return []
  return [fromStart({ start, end: end ?? start, title: tag(chapter.tags, 'title') }, startTime)]
}

/** Converts the time stamps of a chapter to media time. */
export function fromStart({ start, end, title }: RawChapter, startTime: number): RawChapter {
  return { start: milliseconds(start - startTime), end: milliseconds(end - startTime), title }
}

/** Media time as the protocol has it: not negative, three decimals. */
export const mediaTime = (value: number): number => Math.max(0, milliseconds(value))

const milliseconds = (value: number) => Math.round(value * 1000) / 1000

/** A Matroska file declares lengths in its header and per stream. If they differ, the longer one is wrong. */
function believable(container: string, whole: number | undefined, own: number | undefined): number | undefined {
  const bothKnown = whole !== undefined && own !== undefined
  return bothKnown && container.startsWith('matroska') ? Math.min(whole, own) : whole
}

function longest(streams: readonly ProbedStream[]): number | undefined {
  const known = streams
    .map(stream => seconds(stream.duration) ?? clockTime(tag(stream.tags, 'duration')))
    .filter(value => value !== undefined)
  return known.length > 0 ? Math.max(...known) : undefined
}

/** `00:00:12.376000000`, as Matroska files have the duration of a stream. */
function clockTime(text: string | undefined): number | undefined {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text ?? '')
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined
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
