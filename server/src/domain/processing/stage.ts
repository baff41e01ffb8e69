import type {
  ErrorCode,
  Id,
  KindItem,
  KindName,
  MediaInfo,
  Seconds,
  StageName,
  StageProgress,
  TrackChoice,
} from '@cuewire/protocol'
import type { Static, TSchema } from '@sinclair/typebox'
import type { AppError } from '../../lib/app-error.js'
import type { DecodedStream, FrameSink } from '../../media/media-tools.js'
import type { Lease, ScratchFile } from '../../storage/blobs.js'
import type { Store } from '../../storage/store.js'
import type { ContentDraft } from './content-draft.js'
import type { DecodePass } from './decode-pass.js'
import type { ProcessingPorts } from './ports.js'
import type { TimelineEvents } from './timeline-events.js'

/** The outcome of a stage that did not fail. `params` are hashed into its status, so that a change shows. */
export type StageOutcome =
  | { readonly state: 'completed'; readonly model?: string; readonly params?: Record<string, unknown> }
  | { readonly state: 'skipped'; readonly reason: string; readonly code?: ErrorCode; readonly command?: string }

/** Context shared by the stages of one job. */
export interface JobContext extends ProcessingPorts {
  readonly jobId: Id
  readonly videoId: Id
  /** The original as a local file; `stage.failed` when it is gone. */
  leaseOriginal(): Promise<Lease>
  /** The file to which the decode pass writes audio. */
  readonly sound: ScratchFile
  /** The tracks of the file that were requested for this job. */
  readonly tracks: TrackChoice
  /** Media information. `probe` refreshes it, later stages rely on it. */
  info: MediaInfo
  /** The decode pass, which yields frames and audio. */
  readonly pass: DecodePass
  /** Notified after content was written. */
  readonly timeline: TimelineEvents
  /** Resolves when the stage that finds this kind has ended, or at once if the job does not run it. */
  ended(kind: KindName): Promise<void>
}

/** One stage's view of its job. */
export interface StageContext {
  readonly job: JobContext
  /**
   * Delivers frames from a time on to one sink or several. Resolves to the outcome of the picture when the pass has ended.
   * Other stages may get the same frames, so a sink must not write to them.
   */
  frames(sinks: FrameSink | readonly FrameSink[], from: Seconds, signal: AbortSignal): Promise<DecodedStream>
  /** Items of a kind in order, including those this job is still finding. */
  items<K extends KindName>(kind: K, signal: AbortSignal): AsyncGenerator<KindItem<K>>
  /** Draft for the results of a kind. */
  draft<K extends KindName>(kind: K): ContentDraft<K>
  report(progress: Pick<StageProgress, 'done' | 'total' | 'unit'>): void
  /** Adds to a counter of the stage's status, by default 1. */
  count(counter: string, more?: number): void
  /** Adds a warning: a problem that does not end the stage. */
  warn(warning: AppError): void
  /** Saves a checkpoint together with the counters. `store` is that of a transaction, if any. */
  save(state: unknown, store?: Store): Promise<void>
  /** The checkpoint of an earlier attempt. Undefined if there is none, or if it does not fit the schema. */
  resume<S extends TSchema>(schema: S): Static<S> | undefined
}

/** Decoded data, consumed as it arrives and not kept. */
export type Stream = 'frames' | 'sound'
/** Data passed between stages: streams, which are not kept, and media information and content, which are. */
export type Product = Stream | 'info' | KindName

export type ModelName =
  | 'objects'
  | 'speech'
  | 'voiceActivity'
  | 'sentences'
  | 'text'
  | 'audioEvents'
  | 'speakers'
  | 'imageText'

/** A step of the plan. Running it again after a crash does no harm and repeats as little as possible. */
export interface Stage {
  readonly name: StageName
  /** `live`: consumed as it arrives. `whole`: the stage starts when it is complete. */
  readonly consumes: { readonly [P in Product]?: P extends Stream ? 'live' : 'live' | 'whole' }
  readonly produces: readonly Product[]
  /** Weight in the progress of a job: about its share of the time on a video with speech, in percent. */
  readonly weight: number
  /** The rest of the job does not need it: if it fails, the job still completes. */
  readonly enriches?: true
  readonly models?: readonly ModelName[]
  /** Whether it will use its models on such a file. They are then loaded while `probe` runs. */
  readonly loadsFor?: (info: MediaInfo) => boolean
  run(context: StageContext, signal: AbortSignal): Promise<StageOutcome>
}
