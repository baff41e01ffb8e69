import { Type } from '@sinclair/typebox'
import {
  Chapter,
  FrameDetections,
  LANES,
  LabelSummary,
  Shot,
  TimelineLane,
  TranscriptSegment,
} from '../entities/content.js'
import { SubtitlesInput } from '../entities/library.js'
import { Job } from '../entities/processing.js'
import { CHAPTER, JOB, SEGMENT, SHOT, VIDEO_ID } from '../examples.js'
import { Cursor, Id, Label, object, oneOf, PageLimit, Seconds } from '../primitives.js'
import { command } from './command.js'

const page = { videoId: Id, limit: Type.Optional(PageLimit), cursor: Type.Optional(Cursor) }
const span = { start: Type.Optional(Seconds), end: Type.Optional(Seconds) }

export const contentCommands = {
  'transcript.get': command({
    description: 'The sentences of a video in order, with word times where they are known.',
    scope: 'read',
    params: object({ ...page, ...span }),
    result: object({ segments: Type.Array(TranscriptSegment), nextCursor: Type.Optional(Cursor) }),
    example: { params: { videoId: VIDEO_ID, limit: 1 }, result: { segments: [SEGMENT], nextCursor: '5' } },
  }),
  'transcript.put': command({
    cost: 20,
    description: 'Replaces the transcript by subtitles and queues a job for what builds on it.',
    scope: 'write',
    mutating: true,
    params: object({ videoId: Id, subtitles: SubtitlesInput }),
    result: object({ job: Job }),
    example: {
      params: {
        videoId: VIDEO_ID,
        subtitles: { format: 'srt', text: '1\n00:00:31,480 --> 00:00:34,020\nThe boats leave before dawn.\n' },
      },
      result: { job: { ...JOB, state: 'queued' } },
    },
  }),
  'shots.get': command({
    description: 'The shots of a video in order.',
    scope: 'read',
    params: object(page),
    result: object({ shots: Type.Array(Shot), nextCursor: Type.Optional(Cursor) }),
    example: { params: { videoId: VIDEO_ID }, result: { shots: [SHOT] } },
  }),
  'detections.get': command({
    description:
      'The objects of each analysed frame in order, of one label or all, and a summary of every label of the video.',
    scope: 'read',
    params: object({ ...page, ...span, label: Type.Optional(Label) }),
    result: object({
      frames: Type.Array(FrameDetections),
      labels: Type.Array(LabelSummary),
      nextCursor: Type.Optional(Cursor),
    }),
    example: {
      params: { videoId: VIDEO_ID, label: 'boat' },
      result: {
        frames: [
          {
            at: 31,
            objects: [{ label: 'boat', confidence: 0.71, box: { x: 0.2, y: 0.4, width: 0.3, height: 0.25 } }],
          },
        ],
        labels: [{ label: 'boat', frames: 7, maxCount: 2, confidence: 0.71, spans: [{ start: 30, end: 36.52 }] }],
      },
    },
  }),
  'chapters.get': command({
    description: 'The chapters of a video in order.',
    scope: 'read',
    params: object({ videoId: Id }),
    result: object({ chapters: Type.Array(Chapter) }),
    example: { params: { videoId: VIDEO_ID }, result: { chapters: [CHAPTER] } },
  }),
  'timeline.get': command({
    cost: 5,
    description: 'Everything found in a video, in lanes over time; while a job runs, what is found so far.',
    scope: 'read',
    params: object({
      videoId: Id,
      ...span,
      lanes: Type.Optional(Type.Array(oneOf(LANES), { minItems: 1, maxItems: LANES.length, uniqueItems: true })),
    }),
    result: object({ duration: Seconds, lanes: Type.Array(TimelineLane) }),
    example: {
      params: { videoId: VIDEO_ID, lanes: ['chapters'] },
      result: {
        duration: 83.4,
        lanes: [{ name: 'chapters', items: [{ start: 28.04, end: 57.2, label: 'Boats and harbour' }] }],
      },
    },
  }),
}
