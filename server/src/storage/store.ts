import type {
  Chat,
  ChatMessage,
  ErrorShape,
  Id,
  Job,
  JobState,
  KindItem,
  KindName,
  MediaInfo,
  Modality,
  Seconds,
  StageName,
  StageStatus,
  SubtitlesInput,
  Video,
  VideoState,
} from '@cuewire/protocol'
import type { Awaitable } from '../lib/awaitable.js'
import type { EventStore } from './event-log.js'
import type { VectorStore } from './vectors.js'

/** A page of a list; `next` is the cursor of the following page. */
export interface Page<T> {
  readonly items: T[]
  readonly next: string | undefined
}

export interface PageRequest {
  readonly limit: number
  /** Cursor of an earlier page. Throws `cursor.invalid` if it is not from this list. */
  readonly cursor?: string | undefined
}

/** Change of a video. `error: undefined` clears it; absent keys stay unchanged. */
export interface VideoChange {
  readonly title?: string
  readonly state?: VideoState
  readonly jobId?: Id
  readonly error?: ErrorShape | undefined
  readonly media?: MediaInfo
}

export interface VideoStore {
  insert(video: Video, subtitles: SubtitlesInput | undefined): Promise<void>
  get(id: Id): Awaitable<Video | undefined>
  has(id: Id): Promise<boolean>
  /** Newest first. */
  list(page: PageRequest): Promise<Page<Video>>
  /** The changed video, or undefined if it is gone or damaged. */
  update(id: Id, change: VideoChange): Promise<Video | undefined>
  /** Subtitles given with the upload or by `transcript.put`. */
  givenSubtitles(id: Id): Promise<SubtitlesInput | undefined>
  giveSubtitles(id: Id, subtitles: SubtitlesInput): Promise<void>
  /**
   * Removes the video with its jobs and content, and notes that its files are to be deleted. Returns whether it
   * existed.
   */
  remove(id: Id): Promise<boolean>
}

/** An upload in progress. Its number of bytes is the size of its file. */
export interface UploadRow {
  readonly videoId: Id
  readonly filename: string
  readonly title: string
  readonly sizeBytes: number
  readonly subtitles: SubtitlesInput | undefined
  /** `Upload-Metadata` of a tus client, unchanged. */
  readonly metadata: string | undefined
  /** Trace context of the command that reserved it. */
  readonly traceparent: string | undefined
  readonly createdAt: string
  readonly expiresAt: string
}

/** An upload without the data its client attached, which may be large. */
export type UploadSummary = Pick<UploadRow, 'videoId' | 'sizeBytes'>

export interface UploadStore {
  insert(upload: UploadRow): Promise<void>
  get(videoId: Id): Promise<UploadRow | undefined>
  has(videoId: Id): Promise<boolean>
  /**
   * Acquires or extends the exclusive right to write to an upload; false while another living process holds it. True
   * for an upload that does not exist, because nobody can hold it.
   */
  hold(videoId: Id, leaseMs: number): Promise<boolean>
  /** Releases that right. */
  letGo(videoId: Id): Promise<void>
  /** Number of unfinished uploads, and the sum of their declared sizes. */
  totals(): Promise<{ readonly count: number; readonly sizeBytes: number }>
  prolong(videoId: Id, expiresAt: string): Promise<void>
  /**
   * Removes an upload, with `expiredAt` only if it is due by then. Notes that its file is to be deleted. Returns
   * whether it was removed.
   */
  remove(videoId: Id, expiredAt?: string): Promise<boolean>
  /** Turns the upload into a video with its subtitles, in one transaction. Throws `upload.not_found` if it is gone. */
  complete(video: Video): Promise<void>
}

/** A state that can be set; only `claim` sets `running`. */
export type JobTransition = Exclude<JobState, 'running'>

export interface JobChange {
  readonly at: string
  readonly error?: ErrorShape | undefined
  readonly speed?: number | undefined
  /** Replaces the status of every stage. */
  readonly stages?: readonly StageStatus[]
  readonly progress?: number
  /** Applies only if the job is in this attempt, because another worker may have taken it over. */
  readonly attempt?: number
  /** Queues an ended job again and resets its count of crashes. */
  readonly retry?: { readonly traceparent?: string | undefined }
}

/** A job and its video after a change of both. */
export interface JobWithVideo {
  readonly job: Job
  /** Undefined if its record is damaged. */
  readonly video: Video | undefined
}

/** The jobs of one tenant. The state of a video follows that of its job in the same transaction. */
export interface JobStore {
  insert(job: Job): Promise<JobWithVideo>
  get(id: Id): Promise<Job | undefined>
  /** State of a job, even if it is damaged. An unknown state counts as failed. */
  state(id: Id): Promise<JobState | undefined>
  /** Newest first. */
  list(page: PageRequest & { readonly videoId?: Id | undefined }): Promise<Page<Job>>
  /** Ids of a video's queued and running jobs, including damaged ones, oldest first. */
  active(videoId: Id): Promise<Id[]>
  countQueued(): Promise<number>
  /**
   * Replaces or adds the status of one stage and sets the job's progress, unless the job has ended or is in another
   * attempt. A damaged job loses its other stages.
   */
  setStage(id: Id, stage: StageStatus, change: { readonly progress: number; readonly attempt: number }): Promise<void>
  /**
   * Ends a queued or running job, or queues it again; with `retry`, any job. Undefined, without a change, if the job is
   * gone or has ended: the first of two racing ends wins. For a damaged job, returns what is known of it, and it has
   * ended.
   */
  setState(id: Id, state: JobTransition, change: JobChange): Promise<JobWithVideo | undefined>
  /** Whether a worker is still running it, even if it has been cancelled. */
  isHeld(id: Id): Promise<boolean>
  /** Saves JSON from which a stage continues after a crash or retry. Removed when the job completes. */
  saveCheckpoint(id: Id, stage: StageName, data: unknown): Promise<void>
  /** Also undefined if it is damaged. */
  checkpoint(id: Id, stage: StageName): Promise<unknown>
}

/** Which items of a kind. */
export interface ContentQuery extends PageRequest {
  /** Items that overlap `[start, end)`; either end may be left open. */
  readonly start?: Seconds | undefined
  readonly end?: Seconds | undefined
  /** For a kind with labels: only items with one of these. */
  readonly labels?: readonly string[] | undefined
  /** Only items after this position. */
  readonly after?: number | undefined
  /** Reads the draft of this job instead of what readers see. */
  readonly draftOf?: Id | undefined
}

/** Names of a speaker before and after a change. */
export interface SpeakerChange {
  readonly from: string
  readonly to: string
}

/**
 * Results of the stages by kind. A job writes a draft. Until `complete` makes it current, readers see the previous
 * result or, without one, the draft. Search follows the same rule at once. Adding an item with the same position
 * replaces it. Adding without a draft of that job is an error.
 */
export interface ContentStore {
  /** Opens the draft of this job, or continues it after a crash. Removes drafts of other jobs. */
  begin(videoId: Id, kind: KindName, jobId: Id): Promise<void>
  /**
   * Makes the draft the result, in one transaction. Then removes the previous result and updates the search, in steps
   * that let other work run. Calling it again has no effect.
   */
  complete(videoId: Id, kind: KindName, jobId: Id): Promise<void>
  /** Also resets the count of consecutive worker deaths, because this is progress. */
  add<K extends KindName>(videoId: Id, kind: K, jobId: Id, items: readonly KindItem<K>[]): Promise<void>
  /** Replaces the items of the draft. */
  replace<K extends KindName>(videoId: Id, kind: K, jobId: Id, items: readonly KindItem<K>[]): Promise<void>
  /** In order of their position. */
  list<K extends KindName>(videoId: Id, kind: K, query: ContentQuery): Promise<Page<KindItem<K>>>
  /**
   * Renames a speaker in the transcript that readers see, in one transaction with pauses for the event loop.
   * Returns the number of sentences changed.
   */
  renameSpeaker(videoId: Id, name: SpeakerChange): Promise<number>
  /** Number of items of each kind that readers see. */
  counts(videoId: Id): Promise<Record<KindName, number>>
}

/** A row of the full-text index: one transcript sentence, one label of a video, one chapter, or a title. */
export interface TextHit {
  readonly modality: Modality
  readonly videoId: Id
  readonly videoTitle: string
  /** Index of the sentence, chapter or label within the video; 0 for titles. */
  readonly index: number
  readonly start: Seconds
  readonly end: Seconds
  readonly text: string
}

export interface SearchIndex {
  /**
   * Finds rows that contain any of the terms, best first. Terms are stemmed and accents ignored; several words are a
   * phrase. Terms are data, never query syntax. Without `videoIds`, searches all videos.
   */
  search(query: {
    readonly terms: readonly string[]
    readonly videoIds?: readonly Id[] | undefined
    readonly modalities?: readonly Modality[] | undefined
    readonly limit: number
  }): Promise<TextHit[]>
  /** In how many rows of these videos each term occurs, and the number of rows, for weighing terms. */
  frequencies(
    terms: readonly string[],
    videoIds?: readonly Id[],
  ): Promise<{ readonly rows: number; readonly of: ReadonlyMap<string, number> }>
}

export interface ChatStore {
  insert(chat: Chat): Promise<void>
  get(id: Id): Promise<Chat | undefined>
  has(id: Id): Promise<boolean>
  /** Most recently used first. */
  list(page: PageRequest): Promise<Page<Chat>>
  remove(id: Id): Promise<boolean>
  addMessages(messages: readonly ChatMessage[]): Promise<void>
  updateMessage(message: ChatMessage): Promise<void>
  /** Oldest first. */
  messages(chatId: Id, page: PageRequest): Promise<Page<ChatMessage>>
  /** The newest `count`, oldest of them first. */
  latestMessages(chatId: Id, count: number): Promise<ChatMessage[]>
}

/** The final outcome of a command: its result, or an error that a retry would not change. */
export type Outcome = { readonly result: unknown } | { readonly error: ErrorShape }

/** The outcome of a command with an idempotency key. Only a hash of its params is stored. */
export interface OutcomeRow {
  readonly subject: string
  readonly key: string
  readonly fingerprint: string
  readonly outcome: Outcome
  /** Milliseconds since 1970. */
  readonly createdAtMs: number
}

export interface OutcomeStore {
  /**
   * Subject and key must be well-formed text, because some drivers turn all lone surrogates into the same character.
   */
  get(subject: string, key: string): Promise<OutcomeRow | undefined>
  /**
   * Stores an outcome, replacing an earlier one with the same key. An outcome is dropped once its subject has `count`
   * newer ones, or newer ones of `bytes` (of JSON) together. Both are at least 1, so the newest always stays.
   */
  put(row: OutcomeRow, keep: { readonly count: number; readonly bytes: number }): Promise<void>
}

/**
 * The data of one tenant. A record that does not fit its schema is damaged: `get` throws `record.damaged`, lists skip
 * it, and everything that need not read it works as usual.
 */
export interface Store {
  readonly videos: VideoStore
  readonly uploads: UploadStore
  readonly jobs: JobStore
  readonly content: ContentStore
  readonly search: SearchIndex
  readonly vectors: VectorStore
  readonly chats: ChatStore
  readonly outcomes: OutcomeStore
  readonly events: EventStore
  /**
   * Runs `work` in one transaction: all changes made through its store are kept, or none if it throws. It must not wait
   * for anything else, because all other writes wait for it.
   */
  atomically<T>(work: (store: Store) => Promise<T>): Promise<T>
  /** Number of different damaged records found since the store was opened, by table. */
  readonly damaged: Readonly<Record<string, number>>
}
