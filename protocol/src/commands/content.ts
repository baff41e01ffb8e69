import { Type } from '@sinclair/typebox'
import { TimelineLane } from '../entities/content.js'
import { SubtitlesInput } from '../entities/library.js'
import { Job } from '../entities/processing.js'
import { JOBS, VIDEO_ID } from '../examples.js'
import { getCommands } from '../kinds/get-commands.js'
import { LANES } from '../kinds/table.js'
import { Count, Id, object, oneOf, Seconds, Speaker } from '../primitives.js'
import { command } from './command.js'

export const contentCommands = {
  ...getCommands,
  'transcript.put': command({
    cost: 20,
    description: 'Replaces the transcript with subtitles and queues a job for the stages that depend on it.',
    scope: 'write',
    errors: ['video.not_found', 'video.busy', 'queue.full', 'subtitles.invalid', 'server.busy', 'record.damaged'],
    mutating: true,
    params: object({ videoId: Id, subtitles: SubtitlesInput }),
    result: object({ job: Job }),
    example: {
      params: {
        videoId: VIDEO_ID,
        subtitles: { format: 'vtt', text: 'WEBVTT\n\n00:31.480 --> 00:34.020\n<v Ada>The boats leave before dawn.\n' },
      },
      result: { job: JOBS.queued },
    },
  }),
  'speakers.rename': command({
    cost: 20,
    description:
      'Renames a speaker in all sentences of a video. If `to` is the name of another speaker, the two become one. A later run of the transcript starts from the names in the subtitles again.',
    scope: 'write',
    errors: ['video.not_found', 'speaker.not_found'],
    mutating: true,
    params: object({ videoId: Id, from: Speaker, to: Speaker }),
    result: object({ segments: Count }),
    example: {
      params: { videoId: VIDEO_ID, from: 'Ada', to: 'Ada Lovelace' },
      result: { segments: 1 },
    },
  }),
  'timeline.get': command({
    cost: 5,
    description:
      'Returns everything found in a video, in lanes over time. While a job runs, this is what it has found so far.',
    scope: 'read',
    errors: ['video.not_found', 'record.damaged'],
    params: object({
      videoId: Id,
      start: Type.Optional(Seconds),
      end: Type.Optional(Seconds),
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
