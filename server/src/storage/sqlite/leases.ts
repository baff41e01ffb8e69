import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import { AppError } from '../../lib/app-error.js'
import { errorShape } from '../../lib/error-shape.js'
import type { Tables } from '../schema.js'
import type { JobStore, JobWithVideo } from '../store.js'
import { readOrReset } from './damaged-job.js'
import { followJob, type RecordOptions } from './videos.js'

const DAMAGED_VIDEO = errorShape(
  new AppError('record.damaged', 'The stored record of the video is damaged; delete it with video.delete.'),
)

/**
 * Claims and leases in SQLite. Only one process has the database open, so leases are timed with its monotonic clock.
 */
export function createSqliteLeases(
  db: Kysely<Tables>,
  { clock, damaged }: RecordOptions,
): Pick<JobStore, 'claim' | 'abandoned' | 'renew'> {
  const until = (leaseMs: number) => Math.ceil(clock.elapsed() + leaseMs)
  const expired = (eb: ExpressionBuilder<Tables, 'jobs'>) =>
    eb.and([eb('state', '=', 'running'), eb('lease_until', '<=', clock.elapsed())])

  /** `nothing` when no job waits, `unreadable` for one of which not even its id is sure, which has failed. */
  const claimRow = ({ owner, leaseMs, maxAttempts, except }: Parameters<JobStore['claim']>[0]) =>
    db.transaction().execute(async (trx): Promise<JobWithVideo | 'nothing' | 'unreadable'> => {
      const at = new Date(clock.now()).toISOString()
      const row = await trx
        .updateTable('jobs')
        .set(({ eb, ref }) => ({
          state: 'running',
          attempt: eb(ref('attempt'), '+', 1),
          crashes: sql<number>`crashes + (state = 'running')`,
          lease_owner: owner,
          lease_until: until(leaseMs),
          started_at: sql<string>`coalesce(started_at, max(created_at, ${at}))`,
        }))
        .where('id', '=', ({ selectFrom }) =>
          selectFrom('jobs')
            .select('id')
            .where(sql<boolean>`state in ('queued', 'running')`)
            .where(eb =>
              eb.or([eb('state', '=', 'queued'), eb.and([expired(eb), eb('crashes', '<', maxAttempts - 1)])]),
            )
            .where('id', 'not in', [...except])
            .orderBy('created_at')
            .orderBy('id')
            .limit(1),
        )
        .returningAll()
        .executeTakeFirst()
      if (!row) return 'nothing'
      const read = await readOrReset(trx, row, { at, damaged })
      if (!read) return 'unreadable'
      const video = await followJob(trx, read.row, { at, damaged })
      if (video || read.job.state !== 'running') return { job: read.job, video }
      // Without its video nothing can be done, now or later.
      const error = JSON.stringify(DAMAGED_VIDEO)
      const failed = { state: 'failed', error, lease_owner: null, lease_until: null, finished_at: at }
      await trx.updateTable('jobs').set(failed).where('id', '=', read.job.id).execute()
      return { job: { ...read.job, state: 'failed', error: DAMAGED_VIDEO, finishedAt: at }, video: undefined }
    })

  return {
    async claim(wanted) {
      for (;;) {
        const claimed = await claimRow(wanted)
        if (claimed === 'nothing') return undefined
        if (claimed !== 'unreadable') return claimed
      }
    },

    async abandoned({ maxAttempts, except }) {
      const rows = await db
        .selectFrom('jobs')
        .selectAll()
        .where(sql<boolean>`state in ('queued', 'running')`)
        .where(eb => expired(eb))
        .where('crashes', '>=', maxAttempts - 1)
        .where('id', 'not in', [...except])
        .execute()
      const at = new Date(clock.now()).toISOString()
      const jobs = await Promise.all(rows.map(row => readOrReset(db, row, { at, damaged })))
      return jobs.flatMap(read => (read?.job.state === 'running' ? read.job : []))
    },

    async renew(id, owner, leaseMs) {
      const { numUpdatedRows } = await db
        .updateTable('jobs')
        .set({ lease_until: until(leaseMs) })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .where('lease_owner', '=', owner)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}
