import type { Migration } from './migration.js'

/** Unfinished uploads are listed and summed without reading the rows, whose subtitles may be large. */
export const uploadsByExpiry: Migration = {
  version: 2,
  sqlite: 'create index uploads_by_expiry on uploads (expires_at, video_id, size_bytes);',
}
