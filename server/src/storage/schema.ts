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
    /** The process that writes to it. */
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
    error: string | null
    speed: number | null
    lease_owner: string | null
    /** Milliseconds of the store's monotonic clock. */
    lease_until: number | null
    /** Attempts in a row during which a worker died before anything new was found. */
    crashes: number
    /** All attempts during which a worker died, since somebody last wanted the job. */
    deaths: number
    traceparent: string | null
    created_at: string
    started_at: string | null
    finished_at: string | null
  }
  checkpoints: { tenant: string; job_id: string; stage: string /** JSON */; data: string }
  /** Files that belong to nothing any more. */
  removals: { tenant: string; video_id: string }
  /** When the tenants whose jobs ran had their last turn: a higher number is later. */
  turns: { tenant: string; turn: number }
  /** What one job found of a kind; `complete` is 0 for a draft, 1 for a result, and -id for one that is being removed. */
  results: { id: Generated<number>; tenant: string; video_id: string; kind: string; job_id: string; complete: number }
  items: { result_id: number; position: number; start_time: number; end_time: number /** JSON */; data: string }
  /** What can be searched; `visible` is 0 for the rows of a draft that a complete result still hides. */
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
    /** The process that answers. */
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
    /** Of the frames of the topic up to this one, those that are gone too. */
    topic_bytes: number
    /** Of all frames up to this one, those that are gone too. */
    log_bytes: number
  }
  topics: { tenant: string; topic: string; seq: number }
  /** One row. */
  log: { epoch: string }
  /** What keyed commands came to. */
  outcomes: {
    tenant: string
    subject: string
    key: string
    fingerprint: string
    /** JSON */
    outcome: string
    /** 1, 2, 3, ... of the subject. */
    position: number
    /** Of the outcomes of the subject up to this one. */
    total_bytes: number
    /** Milliseconds since 1970. */
    created_at: number
  }
}

/** A row as it is read. */
export type Row<T extends keyof Tables> = Selectable<Tables[T]>

/** The columns of a row but for its tenant. */
export type Columns<T extends keyof Tables> = Omit<Row<T>, 'tenant'>
