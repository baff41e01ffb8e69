import type { ErrorCode, Id, MediaInfo, StageName, StageProgress } from '@cuewire/protocol'
import type { Static, TSchema } from '@sinclair/typebox'
import type { AppError } from '../../lib/app-error.js'
import type { Store } from '../../storage/store.js'
import type { DecodePass } from './decode-pass.js'
import type { ProcessingPorts } from './ports.js'
import type { TimelineEvents } from './timeline-events.js'

/** How a stage ended when it did not fail. `params` are hashed into its status, so that a change of them shows. */
export type StageOutcome =
  | { readonly state: 'completed'; readonly model?: string; readonly params?: Record<string, unknown> }
  | { readonly state: 'skipped'; readonly reason: string; readonly code?: ErrorCode; readonly command?: string }

/** What the stages of one job share. */
export interface JobContext extends ProcessingPorts {
  readonly jobId: Id
  readonly videoId: Id
  /** Path of the original file. */
  readonly original: string
  /** What the file is: `probe` renews it, the stages after it rely on it. */
  info: MediaInfo
  /** The one decode pass that feeds shots, objects and transcript. */
  readonly pass: DecodePass
  /** To be told after content was written. */
  readonly timeline: TimelineEvents
}

/** One stage's view of its job. */
export interface StageContext {
  readonly job: JobContext
  report(progress: Pick<StageProgress, 'done' | 'total' | 'unit'>): void
  /** Adds to a counter of the stage's status, by one unless told. */
  count(counter: string, more?: number): void
  /** Tells of something that went wrong and does not end the stage. */
  warn(warning: AppError): void
  /** Keeps where to continue from after a crash, together with the counters; `store` is that of a transaction, if any. */
  save(state: unknown, store?: Store): Promise<void>
  /** What `save` kept in a former attempt; undefined when the stage starts afresh, or what was kept is not of this shape. */
  resume<S extends TSchema>(schema: S): Static<S> | undefined
}

/** A step of the pipeline; running it again after a crash does no harm and repeats as little as it can. */
export interface Stage {
  readonly name: StageName
  /** Stages that must have ended before. */
  readonly needs: readonly StageName[]
  run(context: StageContext, signal: AbortSignal): Promise<StageOutcome>
}
