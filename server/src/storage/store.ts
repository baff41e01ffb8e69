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
import type { EventStore } from './event-log.js'

/** A page of a list; `next` is the cursor of the following page. */
export interface Page<T> {
  readonly items: T[]
  readonly next: string | undefined
}

export interface PageRequest {
  readonly limit: number
  /** From a former page; `cursor.invalid` when it is not. */
  readonly cursor?: string | undefined
}

/** What may change of a video. `error: undefined` clears it; a key that is absent stays as it is. */
export interface VideoChange {
  readonly title?: string
  readonly state?: VideoState
  readonly jobId?: Id
  readonly error?: ErrorShape | undefined
  readonly media?: MediaInfo
}

export interface VideoStore {
  insert(video: Video, subtitles: SubtitlesInput | undefined): Promise<void>
  get(id: Id): Promise<Video | undefined>
  has(id: Id): Promise<boolean>
  /** Newest first. */
  list(page: PageRequest): Promise<Page<Video>>
  /** The video after the change, or undefined when it is gone or damaged. */
  update(id: Id, change: VideoChange): Promise<Video | undefined>
  /** Subtitles given with the upload or by `transcript.put`. */
  givenSubtitles(id: Id): Promise<SubtitlesInput | undefined>
  giveSubtitles(id: Id, subtitles: SubtitlesInput): Promise<void>
  /** Removes the video with its jobs and content, and notes that its files are to go; true when it was there. */
  remove(id: Id): Promise<boolean>
}

/** An upload that has begun; how many bytes it has is the size of its file. */
export interface UploadRow {
  readonly videoId: Id
  readonly filename: string
  readonly title: string
  readonly sizeBytes: number
  readonly subtitles: SubtitlesInput | undefined
  /** `Upload-Metadata` of a tus client, as it came. */
  readonly metadata: string | undefined
  /** Of the command that reserved it. */
  readonly traceparent: string | undefined
  readonly createdAt: string
  readonly expiresAt: string
}

/** What can be read of an upload without what came with it, which may be large. */
export type UploadSummary = Pick<UploadRow, 'videoId' | 'sizeBytes'>

export interface UploadStore {
  insert(upload: UploadRow): Promise<void>
  get(videoId: Id): Promise<UploadRow | undefined>
  has(videoId: Id): Promise<boolean>
  /**
   * Takes the sole right to write to an upload for so long, or keeps it for longer; false while another living process has
   * it. Nobody has that of an upload that is not there, so it is true.
   */
  hold(videoId: Id, leaseMs: number): Promise<boolean>
  /** Gives that right back. */
  letGo(videoId: Id): Promise<void>
  /** How many there are, and the bytes they shall have together. */
  totals(): Promise<{ readonly count: number; readonly sizeBytes: number }>
  prolong(videoId: Id, expiresAt: string): Promise<void>
  /** Only when it expires by a time, if told; notes that its file is to go. True when it was there. */
  remove(videoId: Id, expiredAt?: string): Promise<boolean>
  /** The upload becomes a video with its subtitles: one transaction. `upload.not_found` when it is gone. */
  complete(video: Video): Promise<void>
}

/** A state a job is put in; `running` comes from `claim` alone. */
export type JobTransition = Exclude<JobState, 'running'>

export interface JobChange {
  readonly at: string
  readonly error?: ErrorShape | undefined
  readonly speed?: number | undefined
  /** Replaces the status of every stage. */
  readonly stages?: readonly StageStatus[]
  readonly progress?: number
  /** Changes nothing unless the job is in this attempt: another worker may have taken it over. */
  readonly attempt?: number
  /** Queues an ended job again and resets its count of crashes. */
  readonly retry?: { readonly traceparent?: string | undefined }
}

/** A job and its video after both have changed together. */
export interface JobWithVideo {
  readonly job: Job
  /** Undefined when its record is damaged. */
  readonly video: Video | undefined
}

/** The jobs of one tenant. The state of a video follows that of its job in the same transaction. */
export interface JobStore {
  insert(job: Job): Promise<JobWithVideo>
  get(id: Id): Promise<Job | undefined>
  /** Of a job, a damaged one too; one in a state that is none has failed. */
  state(id: Id): Promise<JobState | undefined>
  /** Newest first. */
  list(page: PageRequest & { readonly videoId?: Id | undefined }): Promise<Page<Job>>
  /** Ids of the jobs of a video that are queued or running, damaged ones too, oldest first. */
  active(videoId: Id): Promise<Id[]>
  countQueued(): Promise<number>
  /**
   * Replaces the status of one stage (or adds it) and the share of the job that is done, unless the job has ended or is no
   * longer in that attempt; a damaged job has no other stages then.
   */
  setStage(id: Id, stage: StageStatus, change: { readonly progress: number; readonly attempt: number }): Promise<void>
  /**
   * Ends a queued or running job, or queues it again; with `retry`, any job. Undefined, with nothing changed, when the job
   * is gone or has ended: the first of two racing ends wins. Of a damaged job comes what is sure of it, and it has ended.
   */
  setState(id: Id, state: JobTransition, change: JobChange): Promise<JobWithVideo | undefined>
  /** Whether a worker still works on it, be it that it has been cancelled. */
  isHeld(id: Id): Promise<boolean>
  /** JSON a stage saves to continue from after a crash or a retry; removed when the job completes. */
  saveCheckpoint(id: Id, stage: StageName, data: unknown): Promise<void>
  /** Undefined also when it is damaged. */
  checkpoint(id: Id, stage: StageName): Promise<unknown>
}

/** Which items of a kind. */
export interface ContentQuery extends PageRequest {
  /** Items that overlap `[start, end)`; either end may be left open. */
  readonly start?: Seconds | undefined
  readonly end?: Seconds | undefined
  /** Of a kind whose items have labels: those with one of these, as the kind says. */
  readonly labels?: readonly string[] | undefined
  /** Items behind this position. */
  readonly after?: number | undefined
  /** Reads the draft of that job, not what readers see. */
  readonly draftOf?: Id | undefined
}

/**
 * What the stages found, kind by kind. A job writes a draft; until `complete` makes it current, readers see the former
 * result, or the draft where there is none. Everything written is searchable at once under the same rule. Adding an item
 * again (same position) replaces it; adding without a draft of that job is an error.
 */
export interface ContentStore {
  /** Opens, or continues after a crash, the draft of this job; drafts of other jobs are removed. */
  begin(videoId: Id, kind: KindName, jobId: Id): Promise<void>
  /**
   * The draft becomes the result: one transaction. The former one is removed, and searches follow, in steps between which
   * other work gets its turn. Done twice it does nothing more.
   */
  complete(videoId: Id, kind: KindName, jobId: Id): Promise<void>
  /** It is progress, so the deaths of workers in a row are counted anew from here. */
  add<K extends KindName>(videoId: Id, kind: K, jobId: Id, items: readonly KindItem<K>[]): Promise<void>
  /** The draft holds these items and no others. */
  replace<K extends KindName>(videoId: Id, kind: K, jobId: Id, items: readonly KindItem<K>[]): Promise<void>
  /** In order of their position. */
  list<K extends KindName>(videoId: Id, kind: K, query: ContentQuery): Promise<Page<KindItem<K>>>
  /** How many items of each kind readers see. */
  counts(videoId: Id): Promise<Record<KindName, number>>
}

/** A row of the full-text index: one transcript sentence, one label of a video, one chapter, or a title. */
export interface TextHit {
  readonly modality: Modality
  readonly videoId: Id
  readonly videoTitle: string
  /** Number of the sentence or chapter within the video, place of the label; 0 for titles. */
  readonly index: number
  readonly start: Seconds
  readonly end: Seconds
  readonly text: string
}

export interface SearchIndex {
  /**
   * Rows that hold any of the terms (stemmed, accents ignored; several words are a phrase), best first. Terms are data,
   * never query syntax. No `videoIds`: all.
   */
  search(query: {
    readonly terms: readonly string[]
    readonly videoIds?: readonly Id[] | undefined
    readonly modalities?: readonly Modality[] | undefined
    readonly limit: number
  }): Promise<TextHit[]>
  /** In how many rows of those videos each term occurs, and how many rows there are: for weighing terms. */
  frequencies(
    terms: readonly string[],
    videoIds?: readonly Id[],
  ): Promise<{ readonly rows: number; readonly of: ReadonlyMap<string, number> }>
}

export interface ChatStore {
  insert(chat: Chat): Promise<void>
  get(id: Id): Promise<Chat | undefined>
  has(id: Id): Promise<boolean>
  /** Last used first. */
  list(page: PageRequest): Promise<Page<Chat>>
  remove(id: Id): Promise<boolean>
  addMessages(messages: readonly ChatMessage[]): Promise<void>
  updateMessage(message: ChatMessage): Promise<void>
  /** Oldest first. */
  messages(chatId: Id, page: PageRequest): Promise<Page<ChatMessage>>
  /** The newest `count`, oldest of them first. */
  latestMessages(chatId: Id, count: number): Promise<ChatMessage[]>
}

/** What a command came to for good: its result, or an error that a retry would not change. */
export type Outcome = { readonly result: unknown } | { readonly error: ErrorShape }

/** The outcome of a command that carried an idempotency key. Of its params there is a hash only. */
export interface OutcomeRow {
  readonly subject: string
  readonly key: string
  readonly fingerprint: string
  readonly outcome: Outcome
  /** Milliseconds since 1970. */
  readonly createdAtMs: number
}

export interface OutcomeStore {
  /** Subject and key are well-formed text: lone surrogates become one and the same character in some drivers. */
  get(subject: string, key: string): Promise<OutcomeRow | undefined>
  /**
   * Keeps an outcome, in place of a former one of its key. An outcome is dropped as soon as its subject has `count`
   * newer ones, or newer ones of `bytes` (of JSON) together; both at least 1, so the newest always stays.
   */
  put(row: OutcomeRow, keep: { readonly count: number; readonly bytes: number }): Promise<void>
}

/**
 * What one tenant has. A record that does not fit its schema is damaged: `get` throws `record.damaged`, lists leave it out
 * and go on behind it, and everything that does not need to read it works as ever.
 */
export interface Store {
  readonly videos: VideoStore
  readonly uploads: UploadStore
  readonly jobs: JobStore
  readonly content: ContentStore
  readonly search: SearchIndex
  readonly chats: ChatStore
  readonly outcomes: OutcomeStore
  readonly events: EventStore
  /**
   * One transaction: all changes made through the store it is given are kept, or none when `work` throws. It must wait for
   * nothing else, as every other change waits for it.
   */
  atomically<T>(work: (store: Store) => Promise<T>): Promise<T>
  /** How many different records were found damaged since the store was opened, by table. */
  readonly damaged: Readonly<Record<string, number>>
}
