import { Type } from '@sinclair/typebox'
import { Job, STAGES, StageProgress, StageStatus } from '../entities/processing.js'
import { JOB_ID, JOBS, VIDEO_ID } from '../examples.js'
import { Id, object, oneOf } from '../primitives.js'
import { event } from './event.js'

const lifecycle = (description: string, state: Job['state']) =>
  event({
    description,
    delivery: 'reliable',
    topics: ['video', 'job'],
    data: object({ job: Job }),
    example: { job: JOBS[state] },
  })

export const processingEvents = {
  'processing.queued': lifecycle('A job is waiting to run.', 'queued'),
  'processing.started': lifecycle('A job started; `attempt` is above 1 after a restart or a retry.', 'running'),
  'processing.progress': event({
    description: 'Progress of a stage and of the whole job.',
    delivery: 'latest',
    topics: ['video', 'job'],
    data: object({
      jobId: Id,
      videoId: Id,
      stage: oneOf(STAGES),
      progress: StageProgress,
      jobProgress: Type.Number({ minimum: 0, maximum: 1 }),
    }),
    example: {
      jobId: JOB_ID,
      videoId: VIDEO_ID,
      stage: 'objects',
      progress: { done: 31.2, total: 83.4, unit: 'seconds', speed: 14.8, etaMs: 3527 },
      jobProgress: 0.42,
    },
  }),
  'processing.stage': event({
    description:
      'A stage started, completed, was skipped, failed or was cancelled. `reason` and `code` say why it was skipped or failed; `warnings` are problems that did not end it.',
    delivery: 'reliable',
    topics: ['video', 'job'],
    data: object({ jobId: Id, videoId: Id, stage: StageStatus }),
    example: {
      jobId: JOB_ID,
      videoId: VIDEO_ID,
      stage: {
        name: 'objects',
        state: 'skipped',
        code: 'model.missing',
        reason: 'objects-centernet is not installed',
        command: 'npm run cuewire -- models pull objects-centernet',
      },
    },
  }),
  'processing.completed': lifecycle('Every stage completed or was skipped.', 'completed'),
  'processing.failed': lifecycle(
    'A stage failed; `error` has the cause. The results of the finished stages stay usable.',
    'failed',
  ),
  'processing.cancelled': lifecycle('The job was cancelled.', 'cancelled'),
}
