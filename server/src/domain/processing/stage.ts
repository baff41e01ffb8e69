import type { ErrorCode, Id, KindItem, KindName, MediaInfo, Seconds, StageName, StageProgress } from '@cuewire/protocol'
import type { Static, TSchema } from '@sinclair/typebox'
import type { AppError } from '../../lib/app-error.js'
import type { DecodedStream, FrameSink } from '../../media/media-tools.js'
import type { Lease, ScratchFile } from '../../storage/blobs.js'
import type { Store } from '../../storage/store.js'
import type { ContentDraft } from './content-draft.js'
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
  /** The original as a local file. */
  leaseOriginal(): Promise<Lease>
  /** Where the decode pass writes the sound. */
  readonly sound: ScratchFile
  /** What the file is: `probe` renews it, the stages after it rely on it. */
  info: MediaInfo
  /** The one decode pass that yields frames and sound. */
  readonly pass: DecodePass
  /** To be told after content was written. */
  readonly timeline: TimelineEvents
  /** Resolves when the stage of a kind of content has ended; at once when the job does not run it. */
  ended(kind: KindName): Promise<void>
}

/** One stage's view of its job. */
export interface StageContext {
  readonly job: JobContext
  /** Yields frames from some time on; resolves to how the picture came out when the pass has ended. */
  frames(sink: FrameSink, from: Seconds, signal: AbortSignal): Promise<DecodedStream>
  /** The items of a kind in order, those of this job while they are found. */
  items<K extends KindName>(kind: K, signal: AbortSignal): AsyncGenerator<KindItem<K>>
  /** What the stage finds of a kind. */
  draft<K extends KindName>(kind: K): ContentDraft<K>
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

/** What decoding yields: it is taken while it comes, and gone then. */
export type Stream = 'frames' | 'sound'
/** What stages pass on: streams, what the file is, and content, which are kept. */
export type Product = Stream | 'info' | KindName

export type ModelName = 'objects' | 'speech' | 'voiceActivity'

/** A step of the plan; running it again after a crash does no harm and repeats as little as it can. */
export interface Stage {
  readonly name: StageName
  /** `live`: taken while it comes. `whole`: the stage begins when its makers have ended. */
  readonly consumes: { readonly [P in Product]?: P extends Stream ? 'live' : 'live' | 'whole' }
  readonly produces: readonly Product[]
  /** What it weighs in the progress of a job: about its share of the time on a video with speech, in percent. */
  readonly weight: number
  readonly models?: readonly ModelName[]
  /** Whether it will use its models on a file of this kind: they are loaded while `probe` runs. */
  readonly loadsFor?: (info: MediaInfo) => boolean
  run(context: StageContext, signal: AbortSignal): Promise<StageOutcome>
}
