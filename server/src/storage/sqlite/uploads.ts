import type { Kysely } from 'kysely'
import { AppError } from '../../lib/app-error.js'
import { fromUpload, toSubtitles, toUpload } from '../rows.js'
import type { Tables } from '../schema.js'
import type { UploadStore } from '../store.js'
import { insertVideo } from './videos.js'

/** Unfinished uploads in SQLite. */
export function createSqliteUploads(db: Kysely<Tables>): UploadStore {
  return {
    async insert(upload) {
      await db.insertInto('uploads').values(fromUpload(upload)).execute()
    },

    async get(videoId) {
      const row = await db.selectFrom('uploads').selectAll().where('video_id', '=', videoId).executeTakeFirst()
      return row && toUpload(row)
    },

    async list() {
      const rows = await db.selectFrom('uploads').selectAll().orderBy('expires_at').orderBy('video_id').execute()
      return rows.map(toUpload)
    },

    async prolong(videoId, expiresAt) {
      await db.updateTable('uploads').set({ expires_at: expiresAt }).where('video_id', '=', videoId).execute()
    },

    async remove(videoId) {
      const { numDeletedRows } = await db.deleteFrom('uploads').where('video_id', '=', videoId).executeTakeFirst()
      return numDeletedRows > 0n
    },

    complete: video =>
      db.transaction().execute(async trx => {
        const upload = await trx
          .deleteFrom('uploads')
          .where('video_id', '=', video.id)
          .returning('subtitles')
          .executeTakeFirst()
        if (upload === undefined) throw new AppError('upload.not_found', 'There is no unfinished upload of this id.')
        await insertVideo(trx, video, toSubtitles(upload.subtitles))
      }),
  }
}
