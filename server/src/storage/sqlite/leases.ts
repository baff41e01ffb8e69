import type { ErrorShape } from '@cuewire/protocol'
import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import type { Clock } from '../../lib/clock.js'
import { toJob, toVideo } from '../rows.js'
import type { Tables } from '../schema.js'
import type { JobStore } from '../store.js'
import { followJob } from './videos.js'

export interface LeaseOptions {
  readonly clock: Clock
  readonly logger?: { error(data: object, message: string): void } | undefined
}

const UNREADABLE: ErrorShape = {
  code: 'server.internal',
  message: 'The record of this job, or of its video, cannot be read; the server log says why.',
  retryable: false,
}

/**
 * Claims and leases in SQLite. Only one process has the database open, so leases are timed with its monotonic clock.
 */
export function createSqliteLeases(
  db: Kysely<Tables>,
  { clock, logger }: LeaseOptions,
): Pick<JobStore, 'claim' | 'abandoned' | 'renew'> {
  const until = (leaseMs: number) => Math.ceil(clock.elapsed() + leaseMs)
  const expired = (eb: ExpressionBuilder<Tables, 'jobs'>) =>
    eb.and([eb('state', '=', 'running'), eb('lease_until', '<=', clock.elapsed())])

  /** Reads a row. If that throws, fails the job so that it does not block the queue, and returns undefined. */
  const readOrFail = async <T>(id: string, read: () => T): Promise<T | undefined> => {
    try {
      return read()
    } catch (error) {
      logger?.error({ err: error, jobId: id }, 'a job cannot be read')
      const failed = { state: 'failed', stages: '[]', error: JSON.stringify(UNREADABLE), lease_owner: null }
      await db.transaction().execute(async trx => {
        const row = await trx.updateTable('jobs').set(failed).where('id', '=', id).returningAll().executeTakeFirst()
        if (row) await followJob(trx, row, row.created_at)
      })
      return undefined
    }
  }

  const claimRow = ({ owner, leaseMs, maxAttempts, except }: Parameters<JobStore['claim']>[0]) =>
    db.transaction().execute(async trx => {
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
      return row && { row, video: await followJob(trx, row, at) }
    })

  return {
    async claim(wanted) {
      for (;;) {
        const claimed = await claimRow(wanted)
        if (!claimed) return undefined
        const { row, video } = claimed
        const read = await readOrFail(row.id, () => ({ job: toJob(row), video: toVideo(video) }))
        if (read) return read
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
      const jobs = await Promise.all(rows.map(row => readOrFail(row.id, () => toJob(row))))
      return jobs.filter(job => job !== undefined)
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
