import type { ErrorShape, Job, StageStatus } from '@cuewire/protocol'
import { type Kysely, sql } from 'kysely'
import { decodeCursor, encodeCursor, toPage } from '../cursor.js'
import type { DamagedRows } from '../damaged-rows.js'
import { toJson } from '../parse-json.js'
import { CHECKPOINT, JOB } from '../readers.js'
import { fromJob, parseStage } from '../rows.js'
import type { Row, Tables } from '../schema.js'
import type { JobStore, JobTransition } from '../store.js'
import { resetDamagedJob, stateOf } from './damaged-job.js'

const UNFINISHED = ['queued', 'running']

/** Jobs and their leases in SQLite. */
export function createSqliteJobs(db: Kysely<Tables>, damaged: DamagedRows): JobStore {
  /** The job of a row, or, of one that is damaged, what is left after it is set back. */
  const readOrReset = async (
    on: Kysely<Tables>,
    row: Row<'jobs'>,
    change: { readonly at: string; readonly error?: ErrorShape | undefined },
  ): Promise<Job | undefined> => {
    const job = damaged.readIfWhole(JOB, row)
    if (job) return job
    const reset = await resetDamagedJob(on, row, change)
    return reset && damaged.readIfWhole(JOB, reset)
  }

  return {
    async insert(job) {
      await db.insertInto('jobs').values(fromJob(job)).execute()
    },

    async get(id) {
      const row = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()
      return row && damaged.read(JOB, row)
    },

    async state(id) {
      const row = await db.selectFrom('jobs').select('state').where('id', '=', id).executeTakeFirst()
      return row && stateOf(row)
    },

    async list({ limit, cursor, videoId }) {
      const list = videoId === undefined ? 'jobs' : `jobs/${videoId}`
      let query = db.selectFrom('jobs').selectAll()
      if (videoId !== undefined) query = query.where('video_id', '=', videoId)
      if (cursor !== undefined) {
        const [createdAt, id] = decodeCursor(list, ['string', 'string'], cursor)
        query = query.where(sql<boolean>`(created_at, id) < (${createdAt}, ${id})`)
      }
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      return toPage(rows, limit, {
        item: row => damaged.readIfWhole(JOB, row),
        cursor: row => encodeCursor(list, [row.created_at, row.id]),
      })
    },

    async active(videoId) {
      const rows = await db
        .selectFrom('jobs')
        .select(['id', 'state'])
        .where('video_id', '=', videoId)
        .where('state', 'in', UNFINISHED)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(row => ({ id: row.id, state: stateOf(row) }))
    },

    async countQueued() {
      const { count } = await db
        .selectFrom('jobs')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('state', '=', 'queued')
        .where(sql<boolean>`state in ('queued', 'running')`)
        .executeTakeFirstOrThrow()
      return count
    },

    async claim(owner, now, leaseMs) {
      for (;;) {
        const row = await claimRow(db, { owner, now, leaseMs })
        const job = row && (await readOrReset(db, row, { at: new Date(now).toISOString() }))
        if (job || !row) return job
      }
    },

    async renew(id, owner, now, leaseMs) {
      const { numUpdatedRows } = await db
        .updateTable('jobs')
        .set({ lease_until: now + leaseMs })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .where('lease_owner', '=', owner)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    setStage: (id, stage, progress) =>
      db.transaction().execute(async trx => {
        const row = await trx.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()
        if (row === undefined) return
        const known = damaged.readIfWhole(JOB, row)?.stages ?? []
        const stages = JSON.stringify(withStage(known, parseStage(stage)))
        await trx.updateTable('jobs').set({ stages, progress }).where('id', '=', id).execute()
      }),

    setState: (id, state, change) =>
      db.transaction().execute(async trx => {
        let query = trx.updateTable('jobs').set(transition(state, change)).where('id', '=', id)
        if (state !== 'queued') query = query.where('state', 'in', UNFINISHED)
        await query.execute()
        if (state === 'completed') await trx.deleteFrom('checkpoints').where('job_id', '=', id).execute()
        const row = await trx.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()
        return row && readOrReset(trx, row, change)
      }),

    async saveCheckpoint(id, stage, data) {
      const json = JSON.stringify(data)
      await db
        .insertInto('checkpoints')
        .values({ job_id: id, stage, data: json })
        .onConflict(conflict => conflict.columns(['job_id', 'stage']).doUpdateSet({ data: json }))
        .execute()
    },

    async checkpoint(id, stage) {
      const row = await db
        .selectFrom('checkpoints')
        .selectAll()
        .where('job_id', '=', id)
        .where('stage', '=', stage)
        .executeTakeFirst()
      return row && damaged.readIfWhole(CHECKPOINT, row)
    },
  }
}

/** Claims the next row. One statement, so that no two workers get the same job. */
function claimRow(
  db: Kysely<Tables>,
  { owner, now, leaseMs }: { readonly owner: string; readonly now: number; readonly leaseMs: number },
): Promise<Row<'jobs'> | undefined> {
  return db
    .updateTable('jobs')
    .set(({ eb, ref }) => ({
      state: 'running',
      attempt: eb(ref('attempt'), '+', 1),
      lease_owner: owner,
      lease_until: now + leaseMs,
      started_at: sql<string>`coalesce(started_at, ${new Date(now).toISOString()})`,
    }))
    .where('id', '=', ({ selectFrom }) =>
      selectFrom('jobs')
        .select('id')
        .where(sql<boolean>`state in ('queued', 'running')`)
        .where(({ or, eb }) => or([eb('state', '=', 'queued'), eb('lease_until', '<=', now)]))
        .orderBy('created_at')
        .orderBy('id')
        .limit(1),
    )
    .returningAll()
    .executeTakeFirst()
}

function withStage(stages: readonly StageStatus[], stage: StageStatus): StageStatus[] {
  const known = stages.some(({ name }) => name === stage.name)
  return known ? stages.map(old => (old.name === stage.name ? stage : old)) : [...stages, stage]
}

function transition(state: JobTransition, change: Parameters<JobStore['setState']>[2]): Partial<Row<'jobs'>> {
  const free = { state, lease_owner: null, lease_until: null, error: toJson(change.error) }
  if (state === 'queued') return { ...free, finished_at: null, started_at: null }
  return { ...free, finished_at: change.at, ...(change.speed !== undefined && { speed: change.speed }) }
}
