import type { Chat, ChatMessage, Job, SubtitlesInput, Video } from '@cuewire/protocol'
import type { RecordReader, RowReader } from './damaged-rows.js'
import { fromJson } from './parse-json.js'
import { toChat, toJob, toMessage, toOutcome, toSubtitles, toUpload, toVideo, type VideoRow } from './rows.js'
import type { Columns } from './schema.js'
import type { OutcomeRow, UploadRow } from './store.js'

export const VIDEO: RecordReader<VideoRow, Video> = {
  table: 'videos',
  id: row => row.id,
  read: toVideo,
  remedy: 'The stored record of this video is damaged; delete it with video.delete, and upload the file again.',
}

export const GIVEN_SUBTITLES: RecordReader<Pick<Columns<'videos'>, 'id' | 'subtitles'>, SubtitlesInput | undefined> = {
  table: 'videos',
  id: row => `${row.id}/subtitles`,
  read: row => toSubtitles(row.subtitles),
  remedy: 'The subtitles stored with this video are damaged; send them again with transcript.put.',
}

export const UPLOAD: RecordReader<Columns<'uploads'>, UploadRow> = {
  table: 'uploads',
  id: row => row.video_id,
  read: toUpload,
  remedy: 'The stored record of this upload is damaged; remove it with DELETE and start another.',
}

export const JOB: RecordReader<Columns<'jobs'>, Job> = {
  table: 'jobs',
  id: row => row.id,
  read: toJob,
  remedy:
    'The stored record of this job is damaged; cancel it if it has not ended, and start another with processing.start.',
}

export const CHECKPOINT: RowReader<Columns<'checkpoints'>, unknown> = {
  table: 'checkpoints',
  id: row => `${row.job_id}/${row.stage}`,
  read: row => fromJson(row.data),
}

export const CHAT: RecordReader<Columns<'chats'>, Chat> = {
  table: 'chats',
  id: row => row.id,
  read: toChat,
  remedy: 'The stored record of this chat is damaged; delete it with chat.delete.',
}

export const MESSAGE: RowReader<Columns<'messages'>, ChatMessage> = {
  table: 'messages',
  id: row => row.id,
  read: toMessage,
}

export const OUTCOME: RecordReader<Columns<'outcomes'>, OutcomeRow> = {
  table: 'outcomes',
  id: row => `${row.subject}/${row.key}`,
  read: toOutcome,
  remedy: 'The stored reply to the command with this key is damaged; check what the command did, then use another key.',
}
