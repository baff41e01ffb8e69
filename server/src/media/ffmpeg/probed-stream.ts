import { type Static, Type } from '@sinclair/typebox'

/** Tags of a file, a stream or a chapter. */
export const Tags = Type.Optional(Type.Record(Type.String(), Type.String()))

/** What is read of ffprobe's description of a stream. It leaves out what a file does not tell. */
export const ProbedStream = Type.Object({
  index: Type.Integer({ minimum: 0 }),
  codec_type: Type.Optional(Type.String()),
  codec_name: Type.Optional(Type.String()),
  codec_tag_string: Type.Optional(Type.String()),
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
  sample_aspect_ratio: Type.Optional(Type.String()),
  avg_frame_rate: Type.Optional(Type.String()),
  sample_rate: Type.Optional(Type.String()),
  channels: Type.Optional(Type.Integer()),
  channel_layout: Type.Optional(Type.String()),
  duration: Type.Optional(Type.String()),
  nb_frames: Type.Optional(Type.String()),
  disposition: Type.Optional(
    Type.Object({
      default: Type.Optional(Type.Integer()),
      forced: Type.Optional(Type.Integer()),
      attached_pic: Type.Optional(Type.Integer()),
      comment: Type.Optional(Type.Integer()),
      visual_impaired: Type.Optional(Type.Integer()),
      descriptions: Type.Optional(Type.Integer()),
      dub: Type.Optional(Type.Integer()),
      timed_thumbnails: Type.Optional(Type.Integer()),
    }),
  ),
  side_data_list: Type.Optional(Type.Array(Type.Object({ rotation: Type.Optional(Type.Number()) }))),
  tags: Tags,
})
export type ProbedStream = Static<typeof ProbedStream>

/** A tag by its name in any case: Matroska has them in capitals. */
export function tag(tags: ProbedStream['tags'], name: string): string | undefined {
  return Object.entries(tags ?? {}).find(([key]) => key.toLowerCase() === name)?.[1]
}

/** Whether a stream is tagged as encrypted. FairPlay and Audible have codec tags of their own; Matroska names the key. */
export const isEncrypted = ({ codec_tag_string = '', tags }: ProbedStream): boolean =>
  ['encv', 'enca', 'drms', 'drmi', 'aavd'].includes(codec_tag_string) || tag(tags, 'enc_key_id') !== undefined

/** Whether a number that the file declares can be a size or a rate. */
export const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 1
