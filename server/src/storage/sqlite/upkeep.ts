import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { DamagedRows } from '../damaged-rows.js'
import { MESSAGE } from '../readers.js'
import type { Tables } from '../schema.js'
import type { Upkeep } from '../server-store.js'
import type { RemoveReplaced } from './large-results.js'
import { filesRemoved, listRemovals } from './removals.js'
import type { Processes } from './tenant-db.js'

/** What is done for all tenants at once, in SQLite. */
export function createSqliteUpkeep(
  db: Kysely<Tables>,
  {
    removeReplaced,
    processes,
    damagedOf,
  }: { removeReplaced: RemoveReplaced; processes: Processes; damagedOf: (tenant: string) => DamagedRows },
): Upkeep {
  return {
    async uploads(expiredAt) {
      let query = db.selectFrom('uploads').select(['tenant', 'video_id as videoId', 'size_bytes as sizeBytes'])
      if (expiredAt !== undefined) query = query.where('expires_at', '<=', expiredAt)
      return await query.orderBy('expires_at').orderBy('tenant').orderBy('video_id').execute()
    },

    videosWithoutJob: () =>
      db
        .selectFrom('videos')
        .select(['tenant', 'id as videoId'])
        .where(sql<boolean>`state = 'queued'`)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('jobs')
                .select('jobs.id')
                .whereRef('jobs.tenant', '=', 'videos.tenant')
                .whereRef('jobs.video_id', '=', 'videos.id'),
            ),
          ),
        )
        .orderBy('created_at')
        .orderBy('id')
        .execute(),

    removals: (limit, after) => listRemovals(db, limit, after),
    filesRemoved: removal => filesRemoved(db, removal),

    async dropReplacedResults() {
      const left = await db
        .selectFrom('results')
        .select(['tenant', 'video_id as videoId'])
        .distinct()
        .where('complete', '<', 0)
        .execute()
      for (const video of left) await removeReplaced(video)
    },

    async unfinishedAnswers() {
      const rows = await db.selectFrom('messages').selectAll().where(sql<boolean>`state = 'answering'`).execute()
      return rows.flatMap(row => {
        if (row.answering_by === null || !processes.isDead(row.answering_by)) return []
        const message = damagedOf(row.tenant).readIfWhole(MESSAGE, row)
        return message ? { tenant: row.tenant, message } : []
      })
    },

    async expireOutcomes(untilMs, limit) {
      const { numDeletedRows } = await db
        .deleteFrom('outcomes')
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('tenant', 'subject', 'key'),
            'in',
            selectFrom('outcomes')
              .select(['tenant', 'subject', 'key'])
              .where('created_at', '<=', untilMs)
              .orderBy('created_at')
              .limit(limit)
              .$asTuple('tenant', 'subject', 'key'),
          ),
        )
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
