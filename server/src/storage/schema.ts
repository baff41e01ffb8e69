import type { Generated, Selectable } from 'kysely'

/** The tables as SQL sees them. Columns marked JSON are text that is checked when it is read. */
export interface Tables {
  videos: {
    tenant: string
    id: string
    title: string
    filename: string
    state: string
    size_bytes: number
    /** JSON */
    media: string
    job_id: string | null
    /** JSON */
    error: string | null
    /** JSON */
    subtitles: string | null
    created_at: string
    updated_at: string
  }
  uploads: {
    tenant: string
    video_id: string
    filename: string
    title: string
    size_bytes: number
    /** JSON */
    subtitles: string | null
    metadata: string | null
    traceparent: string | null
    created_at: string
    expires_at: string
    /** Process that is writing to it. */
    held_by: string | null
    /** Milliseconds of the machine's monotonic clock. */
    held_until: number | null
  }
  jobs: {
    tenant: string
    id: string
    video_id: string
    state: string
    attempt: number
    progress: number
    /** JSON */
    stages: string
    /** JSON */
    tracks: string | null
    /** JSON */
    error: string | null
    speed: number | null
    lease_owner: string | null
    /** Milliseconds of the store's monotonic clock. */
    lease_until: number | null
    /** Consecutive attempts in which a worker crashed before any new result. */
    crashes: number
    /** All attempts in which a worker died, since the job was last queued by a user. */
    deaths: number
    traceparent: string | null
    created_at: string
    started_at: string | null
    finished_at: string | null
  }
  checkpoints: { tenant: string; job_id: string; stage: string /** JSON */; data: string }
  /** Files to remove, because nothing refers to them. */
  removals: { tenant: string; video_id: string }
  /** Order of the last turns of tenants in the job queue: a higher number is later. */
  turns: { tenant: string; turn: number }
  /** Results of one job for a kind. `complete` is 0 for a draft, 1 for a result, and -id for one being removed. */
  results: { id: Generated<number>; tenant: string; video_id: string; kind: string; job_id: string; complete: number }
  items: { result_id: number; position: number; start_time: number; end_time: number /** JSON */; data: string }
  /** Searchable texts. `visible` is 0 for rows of a draft that a complete result still hides. */
  texts: {
    tenant: string
    id: Generated<number>
    video_id: string
    result_id: number | null
    modality: string
    position: number
    start_time: number
    end_time: number
    text: string
    /** Searched with the text, not shown. */
    also: string
    visible: number
  }
  /** Vectors of what a result covers. */
  vectors: {
    result_id: number
    position: number
    tenant: string
    video_id: string
    /** Id of the embedding space: only vectors of one space can be compared. */
    space: string
    start_time: number
    end_time: number
    /** Signs, one bit for each dimension. */
    signs: Uint8Array
    /** int8 for each dimension. */
    vector: Uint8Array
  }
  chats: {
    tenant: string
    id: string
    title: string
    /** JSON */
    video_ids: string
    created_by: string | null
    created_at: string
    updated_at: string
  }
  messages: {
    tenant: string
    chat_id: string
    /** 1, 2, 3, ... of the chat. */
    position: number
    id: string
    role: string
    text: string
    state: string
    /** JSON */
    citations: string
    confidence: string | null
    abstained: number | null
    created_at: string
    /** Process that is answering. */
    answering_by: string | null
  }
  /** Reliable events, numbered in the order they were written. */
  events: {
    id: Generated<number>
    tenant: string
    topic: string
    seq: number
    type: string
    /** Milliseconds since 1970. */
    at: number
    /** The event frame as UTF-8 JSON. */
    frame: Uint8Array
    /** Bytes of all frames of the topic up to this one, including dropped ones. */
    topic_bytes: number
    /** Bytes of all frames up to this one, including dropped ones. */
    log_bytes: number
  }
  topics: { tenant: string; topic: string; seq: number }
  /** One row. */
  log: { epoch: string }
  /** Outcomes of commands with an idempotency key. */
  outcomes: {
    tenant: string
    subject: string
    key: string
    fingerprint: string
    /** JSON */
    outcome: string
    /** 1, 2, 3, ... of the subject. */
    position: number
    /** Bytes of the subject's outcomes up to this one. */
    total_bytes: number
    /** Milliseconds since 1970. */
    created_at: number
  }
}

/** A row as it is read. */
export type Row<T extends keyof Tables> = Selectable<Tables[T]>

/** The columns of a row except its tenant. */
export type Columns<T extends keyof Tables> = Omit<Row<T>, 'tenant'>
