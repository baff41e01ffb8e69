import { Type } from '@sinclair/typebox'
import { Job, STAGES } from '../entities/processing.js'
import { JOB, JOB_ID, VIDEO_ID } from '../examples.js'
import { Cursor, Id, object, oneOf, PageLimit } from '../primitives.js'
import { command } from './command.js'

export const processingCommands = {
  'processing.start': command({
    cost: 10,
    description:
      'Queues a job for a video: the stages named and those that build on them, or all. The old results stay until the new ones are complete.',
    scope: 'write',
    mutating: true,
    params: object({
      videoId: Id,
      stages: Type.Optional(Type.Array(oneOf(STAGES), { minItems: 1, maxItems: STAGES.length, uniqueItems: true })),
    }),
    result: object({ job: Job }),
    example: { params: { videoId: VIDEO_ID, stages: ['objects'] }, result: { job: JOB } },
  }),
  'processing.cancel': command({
    description: 'Stops a queued or running job within a second; what its finished stages found is kept.',
    scope: 'write',
    mutating: true,
    params: object({ jobId: Id }),
    result: object({ job: Job }),
    example: { params: { jobId: JOB_ID }, result: { job: { ...JOB, state: 'cancelled' } } },
  }),
  'processing.retry': command({
    cost: 10,
    description: 'Queues a failed or cancelled job again; it continues after its last finished work.',
    scope: 'write',
    mutating: true,
    params: object({ jobId: Id }),
    result: object({ job: Job }),
    example: { params: { jobId: JOB_ID }, result: { job: { ...JOB, state: 'queued' } } },
  }),
  'processing.get': command({
    description: 'One job with the state of each stage.',
    scope: 'read',
    params: object({ jobId: Id }),
    result: object({ job: Job }),
    example: { params: { jobId: JOB_ID }, result: { job: JOB } },
  }),
  'processing.list': command({
    description: 'The jobs, newest first, of one video or of all.',
    scope: 'read',
    params: object({
      videoId: Type.Optional(Id),
      limit: Type.Optional(PageLimit),
      cursor: Type.Optional(Cursor),
    }),
    result: object({ jobs: Type.Array(Job), nextCursor: Type.Optional(Cursor) }),
    example: { params: {}, result: { jobs: [JOB] } },
  }),
}
