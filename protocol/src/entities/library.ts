import { type Static, Type } from '@sinclair/typebox'
import { ErrorShape } from '../error-codes.js'
import { LIMITS } from '../limits.js'
import { Count, Filename, Id, Language, object, oneOf, Seconds, Timestamp, Title } from '../primitives.js'
import { fileText, line, text } from '../text.js'

export const VIDEO_STATES = ['queued', 'processing', 'ready', 'failed', 'cancelled'] as const
export type VideoState = (typeof VIDEO_STATES)[number]

const Codec = line({ maxLength: 64 })
const StreamIndex = Type.Integer({ minimum: 0, description: 'stream number in the file' })

/** Why a track is used: how it differs from the first track of its kind. */
export const CHOICE_REASONS = [
  'request',
  'film',
  'decodable',
  'audible',
  'programme',
  'original',
  'default',
  'language',
] as const
export type ChoiceReason = (typeof CHOICE_REASONS)[number]

const Chosen = Type.Optional(
  oneOf(
    CHOICE_REASONS,
    'why this track is used: it was requested; or the first one is an image (`film`), cannot be decoded (`decodable`), is silent (`audible`), is a commentary or a description (`programme`), is dubbed (`original`), is not the default, or is in a language the speech model does not know. Absent if it is simply the first',
  ),
)

/** What a sound track is, if it is not the original sound: a commentary, a description for the blind, or dubbed. */
export const TRACK_ROLES = ['commentary', 'description', 'dub'] as const
export type TrackRole = (typeof TRACK_ROLES)[number]

/** Tracks to use, by their number in the file. */
export const TrackChoice = object({
  picture: Type.Optional(StreamIndex),
  sound: Type.Optional(StreamIndex),
  subtitles: Type.Optional(StreamIndex),
})
export type TrackChoice = Static<typeof TrackChoice>

export const VideoStream = object({
  index: Type.Optional(StreamIndex),
  codec: Codec,
  width: Type.Integer({ minimum: 1, description: 'pixels, after rotation' }),
  height: Type.Integer({ minimum: 1, description: 'pixels, after rotation' }),
  frameRate: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'average frames per second' })),
  rotation: Type.Integer({ minimum: 0, maximum: 359, description: 'clockwise rotation set in the file, in degrees' }),
  title: Type.Optional(Title),
  isDefault: Type.Optional(Type.Boolean({ description: 'the default picture of the file' })),
  chosen: Chosen,
})
export type VideoStream = Static<typeof VideoStream>

export const AudioStream = object({
  index: Type.Optional(StreamIndex),
  codec: Codec,
  sampleRate: Type.Integer({ minimum: 1 }),
  channels: Type.Integer({ minimum: 1 }),
  language: Type.Optional(Language),
  title: Type.Optional(Title),
  role: Type.Optional(
    oneOf(TRACK_ROLES, 'a commentary, a description for the blind, or dubbed; absent for the original'),
  ),
  isDefault: Type.Optional(Type.Boolean({ description: 'the default sound of the file' })),
  chosen: Chosen,
})
export type AudioStream = Static<typeof AudioStream>

export const SubtitleStream = object({
  index: StreamIndex,
  codec: Codec,
  language: Type.Optional(Language),
  title: Type.Optional(Title),
  isDefault: Type.Optional(Type.Boolean({ description: 'the default subtitles of the file' })),
  isForced: Type.Optional(
    Type.Boolean({ description: 'covers only signs and foreign words, so it is not a transcript' }),
  ),
  isUsed: Type.Optional(Type.Boolean({ description: 'the transcript was read from it' })),
})
export type SubtitleStream = Static<typeof SubtitleStream>

export const MEDIA_WARNINGS = [
  'cut_short',
  'length_unverified',
  'stream_encrypted',
  'track_skipped',
  'chapters_ignored',
] as const
export type MediaWarningCode = (typeof MEDIA_WARNINGS)[number]

/** A problem in the file that did not stop it from being processed. */
export const MediaWarning = object({
  code: oneOf(MEDIA_WARNINGS),
  message: text({ maxLength: LIMITS.reasonLength }),
})
export type MediaWarning = Static<typeof MediaWarning>

/** Media information read by ffprobe. A file has video, audio, or both. */
export const MediaInfo = object({
  container: line({ maxLength: 200 }),
  duration: Seconds,
  video: Type.Optional(VideoStream),
  audio: Type.Optional(AudioStream),
  pictures: Type.Optional(
    Type.Array(VideoStream, {
      maxItems: 100,
      description: 'all picture tracks in file order, without covers; `video` is the one in use',
    }),
  ),
  sounds: Type.Optional(
    Type.Array(AudioStream, {
      maxItems: 100,
      description: 'all sound tracks in file order; `audio` is the one in use',
    }),
  ),
  subtitles: Type.Array(SubtitleStream, { maxItems: 100 }),
  chapters: Type.Array(object({ start: Seconds, end: Seconds, title: Type.Optional(Title) }), {
    maxItems: 1000,
    description: 'chapters stored in the file',
  }),
  warnings: Type.Optional(
    Type.Array(MediaWarning, {
      minItems: 1,
      maxItems: 20,
      description: 'problems in the file that did not stop processing',
    }),
  ),
})
export type MediaInfo = Static<typeof MediaInfo>

export const Video = object({
  id: Id,
  title: Title,
  filename: Filename,
  state: oneOf(VIDEO_STATES),
  sizeBytes: Count,
  media: MediaInfo,
  jobId: Type.Optional(Id),
  error: Type.Optional(ErrorShape),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Video = Static<typeof Video>

/** An upload in progress. Its video gets the same id once all bytes are in and the file is readable. */
export const Upload = object({
  videoId: Id,
  url: Type.String({ description: 'path of the tus 1.0.0 upload on this server' }),
  offset: Count,
  sizeBytes: Count,
  expiresAt: Timestamp,
})
export type Upload = Static<typeof Upload>

export const SubtitlesInput = object({
  format: oneOf(['vtt', 'srt']),
  text: fileText({ minLength: 1, maxLength: LIMITS.subtitlesLength }),
  language: Type.Optional(line({ minLength: 2, maxLength: 35 })),
})
export type SubtitlesInput = Static<typeof SubtitlesInput>
