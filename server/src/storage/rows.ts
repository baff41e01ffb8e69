import {
  Chat,
  ChatMessage,
  ErrorShape,
  Filename,
  Id,
  Job,
  StageStatus,
  SubtitlesInput,
  Timestamp,
  Title,
  Traceparent,
  Video,
} from '@cuewire/protocol'
import { Type } from '@sinclair/typebox'
import { fromJson, parser, toJson, withoutAbsent } from './parse-json.js'
import type { Columns } from './schema.js'
import type { OutcomeRow, UploadRow, VideoChange } from './store.js'

const parseVideo = parser('video', Video)
export const parseStage = parser('stage', StageStatus)
const parseJob = parser('job', Job)
const parseChat = parser('chat', Chat)
const parseMessage = parser('chat message', ChatMessage)
const parseSubtitles = parser('subtitles', SubtitlesInput)
const parseUpload = parser(
  'upload',
  Type.Object({
    videoId: Id,
    filename: Filename,
    title: Title,
    sizeBytes: Type.Integer({ minimum: 0 }),
    metadata: Type.Optional(Type.String()),
    traceparent: Type.Optional(Traceparent),
    createdAt: Timestamp,
    expiresAt: Timestamp,
  }),
)
const parseOutcome = parser(
  'outcome',
  Type.Union([Type.Object({ result: Type.Unknown() }), Type.Object({ error: ErrorShape })]),
)

/** A row without its subtitles, which may be large. */
export type VideoRow = Omit<Columns<'videos'>, 'subtitles'>

/** Columns to entity, checked against the protocol's schema. */
export function toVideo(row: VideoRow): Video {
  return parseVideo(
    withoutAbsent({
      id: row.id,
      title: row.title,
      filename: row.filename,
      state: row.state,
      sizeBytes: row.size_bytes,
      media: fromJson(row.media),
      jobId: row.job_id,
      error: fromJson(row.error),
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }),
  )
}

/** Entity to columns. */
export function fromVideo(made: Video, subtitles: SubtitlesInput | undefined): Columns<'videos'> {
  const video = parseVideo(made)
  return {
    id: video.id,
    title: video.title,
    filename: video.filename,
    state: video.state,
    size_bytes: video.sizeBytes,
    media: JSON.stringify(video.media),
    job_id: video.jobId ?? null,
    error: toJson(video.error),
    subtitles: fromSubtitles(subtitles),
    created_at: video.createdAt,
    updated_at: video.updatedAt,
  }
}

export function fromSubtitles(subtitles: SubtitlesInput | undefined): string | null {
  return toJson(subtitles && parseSubtitles(subtitles))
}

/** Validates a change of a video. */
export const parseVideoChange: (change: VideoChange) => VideoChange = parser(
  'change of a video',
  Type.Partial(Type.Pick(Video, ['title', 'state', 'jobId', 'error', 'media'])),
)

export function toSubtitles(json: string | null): SubtitlesInput | undefined {
  return json === null ? undefined : parseSubtitles(fromJson(json))
}

export function toUpload(row: Columns<'uploads'>): UploadRow {
  const upload = parseUpload({
    videoId: row.video_id,
    filename: row.filename,
    title: row.title,
    sizeBytes: row.size_bytes,
    metadata: row.metadata ?? undefined,
    traceparent: row.traceparent ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  })
  const { metadata, traceparent } = upload
  return { ...upload, metadata, traceparent, subtitles: toSubtitles(row.subtitles) }
}

export function fromUpload({ subtitles, ...made }: UploadRow): Omit<Columns<'uploads'>, 'held_by' | 'held_until'> {
  const upload = parseUpload(made)
  return {
    video_id: upload.videoId,
    filename: upload.filename,
    title: upload.title,
    size_bytes: upload.sizeBytes,
    subtitles: fromSubtitles(subtitles),
    metadata: upload.metadata ?? null,
    traceparent: upload.traceparent ?? null,
    created_at: upload.createdAt,
    expires_at: upload.expiresAt,
  }
}

export function toJob(row: Columns<'jobs'>): Job {
  return parseJob(
    withoutAbsent({
      id: row.id,
      videoId: row.video_id,
      state: row.state,
      attempt: row.attempt,
      progress: row.progress,
      stages: fromJson(row.stages),
      tracks: fromJson(row.tracks),
      error: fromJson(row.error),
      createdAt: row.created_at,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      speed: row.speed,
      traceparent: row.traceparent,
    }),
  )
}

export function fromJob(made: Job): Columns<'jobs'> {
  const job = parseJob(made)
  return {
    id: job.id,
    video_id: job.videoId,
    state: job.state,
    attempt: job.attempt,
    progress: job.progress,
    stages: JSON.stringify(job.stages),
    tracks: toJson(job.tracks),
    error: toJson(job.error),
    speed: job.speed ?? null,
    lease_owner: null,
    lease_until: null,
    crashes: 0,
    deaths: 0,
    traceparent: job.traceparent ?? null,
    created_at: job.createdAt,
    started_at: job.startedAt ?? null,
    finished_at: job.finishedAt ?? null,
  }
}

export function toChat(row: Columns<'chats'>): Chat {
  return parseChat(
    withoutAbsent({
      id: row.id,
      title: row.title,
      videoIds: fromJson(row.video_ids),
      createdBy: row.created_by,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }),
  )
}

export function fromChat(made: Chat): Columns<'chats'> {
  const chat = parseChat(made)
  return {
    id: chat.id,
    title: chat.title,
    video_ids: JSON.stringify(chat.videoIds),
    created_by: chat.createdBy ?? null,
    created_at: chat.createdAt,
    updated_at: chat.updatedAt,
  }
}

export function toMessage(row: Columns<'messages'>): ChatMessage {
  return parseMessage(
    withoutAbsent({
      id: row.id,
      chatId: row.chat_id,
      role: row.role,
      text: row.text,
      state: row.state,
      citations: fromJson(row.citations),
      confidence: row.confidence,
      abstained: row.abstained === null ? undefined : row.abstained === 1,
      createdAt: row.created_at,
    }),
  )
}

export function fromMessage(made: ChatMessage): Omit<Columns<'messages'>, 'position' | 'answering_by'> {
  const message = parseMessage(made)
  return {
    id: message.id,
    chat_id: message.chatId,
    role: message.role,
    text: message.text,
    state: message.state,
    citations: JSON.stringify(message.citations),
    confidence: message.confidence ?? null,
    abstained: message.abstained === undefined ? null : Number(message.abstained),
    created_at: message.createdAt,
  }
}

export function toOutcome(row: Columns<'outcomes'>): OutcomeRow {
  return {
    subject: row.subject,
    key: row.key,
    fingerprint: row.fingerprint,
    outcome: parseOutcome(fromJson(row.outcome)),
    createdAtMs: row.created_at,
  }
}
