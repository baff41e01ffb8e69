import { Type } from '@sinclair/typebox'
import { Chapter, FrameDetections, LANES, Shot, TranscriptSegment } from '../entities/content.js'
import { CHAPTER, SEGMENT, SHOT, VIDEO_ID } from '../examples.js'
import { Count, Id, object, oneOf } from '../primitives.js'
import { event } from './event.js'

export const contentEvents = {
  'visual.objects': event({
    description: 'Objects of the frames analysed since the last such event.',
    delivery: 'reliable',
    topics: ['visual'],
    data: object({ videoId: Id, frames: Type.Array(FrameDetections, { minItems: 1, maxItems: 200 }) }),
    example: {
      videoId: VIDEO_ID,
      frames: [
        { at: 31, objects: [{ label: 'boat', confidence: 0.71, box: { x: 0.2, y: 0.4, width: 0.3, height: 0.25 } }] },
      ],
    },
  }),
  'visual.shots': event({
    description: 'Shots that ended since the last such event.',
    delivery: 'reliable',
    topics: ['visual'],
    data: object({ videoId: Id, shots: Type.Array(Shot, { minItems: 1, maxItems: 200 }) }),
    example: { videoId: VIDEO_ID, shots: [SHOT] },
  }),
  'transcript.segment': event({
    description: 'A sentence was recognised.',
    delivery: 'reliable',
    topics: ['video'],
    data: object({ videoId: Id, segment: TranscriptSegment }),
    example: { videoId: VIDEO_ID, segment: SEGMENT },
  }),
  'content.chapters': event({
    description: 'The chapters were made anew.',
    delivery: 'reliable',
    topics: ['video'],
    data: object({ videoId: Id, chapters: Type.Array(Chapter, { maxItems: 500 }) }),
    example: { videoId: VIDEO_ID, chapters: [CHAPTER] },
  }),
  'content.timeline': event({
    description: 'The timeline grew: how many items each lane holds now, to be read with `timeline.get`.',
    delivery: 'latest',
    topics: ['video'],
    data: object({
      videoId: Id,
      lanes: Type.Array(object({ name: oneOf(LANES), items: Count }), { maxItems: LANES.length }),
    }),
    example: { videoId: VIDEO_ID, lanes: [{ name: 'chapters', items: 3 }] },
  }),
}
