import { type Static, Type } from '@sinclair/typebox'
import { ErrorCode, ErrorShape } from '../error-codes.js'
import { KIND_STAGES } from '../kinds/table.js'
import { LIMITS } from '../limits.js'
import { PATTERNS } from '../patterns.js'
import { Count, DurationMs, Id, object, oneOf, Timestamp, Traceparent } from '../primitives.js'
import { line, text } from '../text.js'
import { TrackChoice } from './library.js'

/** Stages of a job: probe the file, decode it, then find each kind of content, name its speakers and make the storyboard. */
export const STAGES = ['probe', 'decode', ...KIND_STAGES, 'embed', 'pictures', 'speakers', 'storyboard'] as const
export type StageName = (typeof STAGES)[number]

export const JOB_STATES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const
export type JobState = (typeof JOB_STATES)[number]

export const STAGE_STATES = ['pending', 'running', 'completed', 'skipped', 'failed', 'cancelled'] as const
export type StageState = (typeof STAGE_STATES)[number]

/** Warnings kept for each stage; later ones are only logged. */
export const MAX_WARNINGS = 10

/** Progress of a stage, in the unit of that stage. */
export const StageProgress = object({
  done: Type.Number({ minimum: 0 }),
  total: Type.Number({ minimum: 0 }),
  unit: oneOf(['seconds', 'frames', 'steps']),
  speed: Type.Optional(Type.Number({ minimum: 0, description: 'media seconds per second of wall time' })),
  etaMs: Type.Optional(DurationMs),
})
export type StageProgress = Static<typeof StageProgress>

/** A problem that did not end the stage. */
export const StageWarning = object({ code: ErrorCode, message: text({ maxLength: LIMITS.reasonLength }) })
export type StageWarning = Static<typeof StageWarning>

export const StageStatus = object({
  name: oneOf(STAGES),
  state: oneOf(STAGE_STATES),
  progress: Type.Optional(StageProgress),
  code: Type.Optional(ErrorCode),
  reason: Type.Optional(text({ maxLength: LIMITS.reasonLength, description: 'why it was skipped or failed' })),
  command: Type.Optional(line({ maxLength: 200, description: 'the command that fixes a skipped stage' })),
  warnings: Type.Optional(
    Type.Array(StageWarning, { maxItems: MAX_WARNINGS, description: 'problems that did not end the stage' }),
  ),
  model: Type.Optional(line({ maxLength: 100, description: 'model pack used, name@version' })),
  paramsHash: Type.Optional(line({ maxLength: 64, description: 'hash of the parameters of the stage' })),
  counts: Type.Optional(
    Type.Record(Type.String({ pattern: PATTERNS.countName.pattern }), Count, {
      description: 'work done over all attempts: frames analysed, spans transcribed, spans dropped',
    }),
  ),
  elapsedMs: Type.Optional(DurationMs),
})
export type StageStatus = Static<typeof StageStatus>

export const Job = object({
  id: Id,
  videoId: Id,
  state: oneOf(JOB_STATES),
  attempt: Type.Integer({ minimum: 0, description: 'times the job was started; above 1 after a restart or a retry' }),
  progress: Type.Number({ minimum: 0, maximum: 1, description: 'share of the work that is done' }),
  stages: Type.Array(StageStatus, { maxItems: STAGES.length }),
  error: Type.Optional(ErrorShape),
  createdAt: Timestamp,
  startedAt: Type.Optional(Timestamp),
  finishedAt: Type.Optional(Timestamp),
  speed: Type.Optional(
    Type.Number({ minimum: 0, description: 'media seconds per second of wall time, over the whole job' }),
  ),
  tracks: Type.Optional(TrackChoice),
  traceparent: Type.Optional(Traceparent),
})
export type Job = Static<typeof Job>
