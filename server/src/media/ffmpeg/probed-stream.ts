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
    }),
  ),
  side_data_list: Type.Optional(Type.Array(Type.Object({ rotation: Type.Optional(Type.Number()) }))),
  tags: Tags,
})
export type ProbedStream = Static<typeof ProbedStream>
