import { Video } from '../entities/library.js'
import { VIDEO, VIDEO_ID } from '../examples.js'
import { Id, object } from '../primitives.js'
import { event } from './event.js'

export const libraryEvents = {
  'video.created': event({
    description: 'An upload is complete and readable, and is now a video.',
    delivery: 'reliable',
    topics: ['library', 'video'],
    data: object({ video: Video }),
    example: { video: { ...VIDEO, state: 'queued' } },
  }),
  'video.updated': event({
    description: 'The title or the state of a video changed.',
    delivery: 'reliable',
    topics: ['library', 'video'],
    data: object({ video: Video }),
    example: { video: VIDEO },
  }),
  'video.deleted': event({
    description: 'A video and its results were deleted.',
    delivery: 'reliable',
    topics: ['library', 'video'],
    data: object({ videoId: Id }),
    example: { videoId: VIDEO_ID },
  }),
}
