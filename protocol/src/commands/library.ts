import { Type } from '@sinclair/typebox'
import { SubtitlesInput, Upload, Video } from '../entities/library.js'
import { AT, VIDEO, VIDEO_ID } from '../examples.js'
import { Count, Cursor, Filename, Id, object, PageLimit, Title } from '../primitives.js'
import { command } from './command.js'

export const libraryCommands = {
  'video.create': command({
    cost: 10,
    description:
      'Reserves an upload. Send the bytes to `upload.url` with tus 1.0.0. Once all bytes are in and the file is readable, the video exists under the id returned here and its processing starts.',
    scope: 'write',
    errors: ['upload.empty', 'upload.too_large', 'upload.too_many', 'subtitles.invalid', 'server.busy'],
    mutating: true,
    params: object({
      filename: Filename,
      sizeBytes: Count,
      title: Type.Optional(Title),
      subtitles: Type.Optional(SubtitlesInput),
    }),
    result: object({ upload: Upload }),
    example: {
      params: { filename: 'harbour.mp4', sizeBytes: 4_812_345, title: 'Harbour' },
      result: {
        upload: {
          videoId: VIDEO_ID,
          url: `/v1/uploads/${VIDEO_ID}`,
          offset: 0,
          sizeBytes: 4_812_345,
          expiresAt: AT,
        },
      },
    },
  }),
  'video.list': command({
    description: 'Lists the videos, newest first. An unfinished upload is not a video yet.',
    scope: 'read',
    errors: ['cursor.invalid'],
    params: object({ limit: Type.Optional(PageLimit), cursor: Type.Optional(Cursor) }),
    result: object({ videos: Type.Array(Video), nextCursor: Type.Optional(Cursor) }),
    example: { params: {}, result: { videos: [VIDEO] } },
  }),
  'video.get': command({
    description: 'Returns one video.',
    scope: 'read',
    errors: ['video.not_found', 'record.damaged'],
    params: object({ videoId: Id }),
    result: object({ video: Video }),
    example: { params: { videoId: VIDEO_ID }, result: { video: VIDEO } },
  }),
  'video.update': command({
    description: 'Renames a video.',
    scope: 'write',
    errors: ['video.not_found', 'record.damaged'],
    mutating: true,
    params: object({ videoId: Id, title: Title }),
    result: object({ video: Video }),
    example: { params: { videoId: VIDEO_ID, title: 'Harbour' }, result: { video: VIDEO } },
  }),
  'video.delete': command({
    cost: 10,
    description: 'Deletes a video with its files and results. A queued or running job is cancelled first.',
    scope: 'write',
    errors: ['video.not_found'],
    mutating: true,
    params: object({ videoId: Id }),
    result: object({ videoId: Id }),
    example: { params: { videoId: VIDEO_ID }, result: { videoId: VIDEO_ID } },
  }),
}
