import { type Kysely, sql } from 'kysely'
import { AppError } from '../../lib/app-error.js'
import type { DamagedRows } from '../damaged-rows.js'
import { UPLOAD } from '../readers.js'
import { fromUpload } from '../rows.js'
import type { Tables } from '../schema.js'
import type { UploadStore } from '../store.js'
import { insertVideo } from './videos.js'

/** Unfinished uploads in SQLite. */
export function createSqliteUploads(db: Kysely<Tables>, damaged: DamagedRows): UploadStore {
  return {
    async insert(upload) {
      await db.insertInto('uploads').values(fromUpload(upload)).execute()
    },

    async get(videoId) {
      const row = await db.selectFrom('uploads').selectAll().where('video_id', '=', videoId).executeTakeFirst()
      return row && damaged.read(UPLOAD, row)
    },

    async has(videoId) {
      const row = await db.selectFrom('uploads').select('video_id').where('video_id', '=', videoId).executeTakeFirst()
      return row !== undefined
    },

    async list(expiredAt) {
      let query = db.selectFrom('uploads').select(['video_id as videoId', 'size_bytes as sizeBytes'])
      if (expiredAt !== undefined) query = query.where('expires_at', '<=', expiredAt)
      return await query.orderBy('expires_at').orderBy('video_id').execute()
    },

    totals: () =>
      db
        .selectFrom('uploads')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .select(sql<number>`total(size_bytes)`.as('sizeBytes'))
        .executeTakeFirstOrThrow(),

    async prolong(videoId, expiresAt) {
      await db.updateTable('uploads').set({ expires_at: expiresAt }).where('video_id', '=', videoId).execute()
    },

    async remove(videoId, expiredAt) {
      let query = db.deleteFrom('uploads').where('video_id', '=', videoId)
      if (expiredAt !== undefined) query = query.where('expires_at', '<=', expiredAt)
      const { numDeletedRows } = await query.executeTakeFirst()
      return numDeletedRows > 0n
    },

    complete: video =>
      db.transaction().execute(async trx => {
        const upload = await trx
          .deleteFrom('uploads')
          .where('video_id', '=', video.id)
          .returningAll()
          .executeTakeFirst()
        if (upload === undefined) throw new AppError('upload.not_found', 'There is no unfinished upload of this id.')
        await insertVideo(trx, video, damaged.read(UPLOAD, upload).subtitles)
      }),
  }
}
