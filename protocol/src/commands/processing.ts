import { Type } from '@sinclair/typebox'
import { TrackChoice } from '../entities/library.js'
import { Job, STAGES } from '../entities/processing.js'
import { JOB_ID, JOBS, VIDEO_ID } from '../examples.js'
import { Cursor, Id, object, oneOf, PageLimit } from '../primitives.js'
import { command } from './command.js'

export const processingCommands = {
  'processing.start': command({
    cost: 10,
    description:
      'Queues a job for a video: the stages named and those that depend on them, or all stages. The old results stay until the new ones are complete. `tracks` names tracks of `media` to use: the job then redoes only the stages named and those that use these tracks. With `tracks.sound`, the transcript is made from that track even if there are subtitles. A track that was requested stays in use until another is, or until all stages run without `tracks`; if it cannot be decoded, no other takes its place.',
    scope: 'write',
    errors: ['video.not_found', 'video.busy', 'queue.full', 'record.damaged'],
    mutating: true,
    params: object({
      videoId: Id,
      stages: Type.Optional(Type.Array(oneOf(STAGES), { minItems: 1, maxItems: STAGES.length, uniqueItems: true })),
      tracks: Type.Optional(TrackChoice),
    }),
    result: object({ job: Job }),
    example: { params: { videoId: VIDEO_ID, stages: ['objects'] }, result: { job: JOBS.queued } },
  }),
  'processing.cancel': command({
    description: 'Cancels a queued or running job, within a second. The results of its finished stages are kept.',
    scope: 'write',
    errors: ['job.not_found', 'job.finished'],
    mutating: true,
    params: object({ jobId: Id }),
    result: object({ job: Job }),
    example: { params: { jobId: JOB_ID }, result: { job: JOBS.cancelled } },
  }),
  'processing.retry': command({
    cost: 10,
    description: 'Queues a failed or cancelled job again. It continues after the work already finished.',
    scope: 'write',
    errors: ['job.not_found', 'job.not_retryable', 'video.not_found', 'video.busy', 'queue.full', 'record.damaged'],
    mutating: true,
    params: object({ jobId: Id }),
    result: object({ job: Job }),
    example: { params: { jobId: JOB_ID }, result: { job: JOBS.queued } },
  }),
  'processing.get': command({
    description: 'Returns one job with the state of each stage.',
    scope: 'read',
    errors: ['job.not_found', 'record.damaged'],
    params: object({ jobId: Id }),
    result: object({ job: Job }),
    example: { params: { jobId: JOB_ID }, result: { job: JOBS.running } },
  }),
  'processing.list': command({
    description: 'Lists the jobs of one video or of all videos, newest first.',
    scope: 'read',
    errors: ['cursor.invalid'],
    params: object({
      videoId: Type.Optional(Id),
      limit: Type.Optional(PageLimit),
      cursor: Type.Optional(Cursor),
    }),
    result: object({ jobs: Type.Array(Job), nextCursor: Type.Optional(Cursor) }),
    example: { params: {}, result: { jobs: [JOBS.running] } },
  }),
}
