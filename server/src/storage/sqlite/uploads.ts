import { sql } from 'kysely'
import { AppError } from '../../lib/app-error.js'
import { UPLOAD } from '../readers.js'
import { fromUpload } from '../rows.js'
import type { UploadStore } from '../store.js'
import { inTransaction } from './in-transaction.js'
import { isFree, leaseEnd } from './lease-time.js'
import { removeFilesOf } from './removals.js'
import type { TenantDb } from './tenant-db.js'
import { insertVideo } from './videos.js'

/** Unfinished uploads in SQLite. */
export function createSqliteUploads({ db, tenant, clock, damaged, processes }: TenantDb): UploadStore {
  return {
    async insert(upload) {
      await db
        .insertInto('uploads')
        .values({ tenant, ...fromUpload(upload) })
        .execute()
    },

    async get(videoId) {
      const row = await db
        .selectFrom('uploads')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('video_id', '=', videoId)
        .executeTakeFirst()
      return row && damaged.read(UPLOAD, row)
    },

    async has(videoId) {
      const row = await db
        .selectFrom('uploads')
        .select('video_id')
        .where('tenant', '=', tenant)
        .where('video_id', '=', videoId)
        .executeTakeFirst()
      return row !== undefined
    },

    hold: (videoId, leaseMs) =>
      inTransaction(db, async trx => {
        const others = await trx
          .selectFrom('uploads')
          .select('held_by')
          .where('tenant', '=', tenant)
          .where('video_id', '=', videoId)
          .where('held_by', '!=', processes.id)
          .where(({ not }) => not(isFree('uploads.held_until', clock)))
          .executeTakeFirst()
        if (others?.held_by != null && !processes.isDead(others.held_by)) return false
        await trx
          .updateTable('uploads')
          .set({ held_by: processes.id, held_until: leaseEnd(leaseMs, clock) })
          .where('tenant', '=', tenant)
          .where('video_id', '=', videoId)
          .execute()
        return true
      }),

    async letGo(videoId) {
      await db
        .updateTable('uploads')
        .set({ held_by: null, held_until: null })
        .where('tenant', '=', tenant)
        .where('video_id', '=', videoId)
        .where('held_by', '=', processes.id)
        .execute()
    },

    totals: () =>
      db
        .selectFrom('uploads')
        .where('tenant', '=', tenant)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .select(sql<number>`total(size_bytes)`.as('sizeBytes'))
        .executeTakeFirstOrThrow(),

    async prolong(videoId, expiresAt) {
      await db
        .updateTable('uploads')
        // Never moved earlier: a clock set back and then corrected must not expire it at once.
        .set({ expires_at: sql<string>`max(expires_at, ${expiresAt})` })
        .where('tenant', '=', tenant)
        .where('video_id', '=', videoId)
        .execute()
    },

    remove: (videoId, expiredAt) =>
      inTransaction(db, async trx => {
        let query = trx.deleteFrom('uploads').where('tenant', '=', tenant).where('video_id', '=', videoId)
        if (expiredAt !== undefined) query = query.where('expires_at', '<=', expiredAt)
        const { numDeletedRows } = await query.executeTakeFirst()
        if (numDeletedRows > 0n) await removeFilesOf(trx, { tenant, videoId })
        return numDeletedRows > 0n
      }),

    complete: video =>
      inTransaction(db, async trx => {
        const upload = await trx
          .deleteFrom('uploads')
          .where('tenant', '=', tenant)
          .where('video_id', '=', video.id)
          .returningAll()
          .executeTakeFirst()
        if (upload === undefined)
          throw new AppError(
            'upload.not_found',
            'There is no unfinished upload with this id; start a new one with video.create.',
          )
        await insertVideo(trx, tenant, video, damaged.read(UPLOAD, upload).subtitles)
      }),
  }
}
