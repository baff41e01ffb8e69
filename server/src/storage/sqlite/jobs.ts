import type { StageStatus } from '@cuewire/protocol'
import { sql } from 'kysely'
import { decodeCursor, encodeCursor, toPage } from '../cursor.js'
import { toJson } from '../parse-json.js'
import { CHECKPOINT, JOB } from '../readers.js'
import { fromJob, parseStage } from '../rows.js'
import type { JobChange, JobStore, JobTransition } from '../store.js'
import { readOrReset, stateOf } from './damaged-job.js'
import { inTransaction } from './in-transaction.js'
import { isFree } from './lease-time.js'
import type { TenantDb } from './tenant-db.js'
import { followJob } from './videos.js'

const UNFINISHED = ['queued', 'running']

/** Jobs of one tenant in SQLite. */
export function createSqliteJobs({ db, tenant, clock, damaged, processes }: TenantDb): JobStore {
  return {
    insert: job =>
      inTransaction(db, async trx => {
        const row = await trx
          .insertInto('jobs')
          .values({ tenant, ...fromJob(job) })
          .returningAll()
          .executeTakeFirstOrThrow()
        return { job, video: await followJob(trx, row, { at: job.createdAt, damaged }) }
      }),

    async get(id) {
      const row = await db
        .selectFrom('jobs')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && damaged.read(JOB, row)
    },

    async state(id) {
      const row = await db
        .selectFrom('jobs')
        .select('state')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && stateOf(row)
    },

    async list({ limit, cursor, videoId }) {
      const list = videoId === undefined ? 'jobs' : `jobs/${videoId}`
      let query = db.selectFrom('jobs').selectAll().where('tenant', '=', tenant)
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
        .select('id')
        .where('tenant', '=', tenant)
        .where('video_id', '=', videoId)
        .where('state', 'in', UNFINISHED)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(({ id }) => id)
    },

    async countQueued() {
      const { count } = await db
        .selectFrom('jobs')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('tenant', '=', tenant)
        .where('state', '=', 'queued')
        .where(sql<boolean>`state in ('queued', 'running')`)
        .executeTakeFirstOrThrow()
      return count
    },

    setStage: (id, stage, { progress, attempt }) =>
      inTransaction(db, async trx => {
        const row = await trx
          .selectFrom('jobs')
          .selectAll()
          .where('tenant', '=', tenant)
          .where('id', '=', id)
          .where('state', 'in', UNFINISHED)
          .where('attempt', '=', attempt)
          .executeTakeFirst()
        if (row === undefined) return
        const known = damaged.readIfWhole(JOB, row)?.stages ?? []
        const stages = JSON.stringify(withStage(known, parseStage(stage)))
        await trx
          .updateTable('jobs')
          .set({ stages, progress })
          .where('tenant', '=', tenant)
          .where('id', '=', id)
          .execute()
      }),

    setState: (id, state, change) =>
      inTransaction(db, async trx => {
        let query = trx
          .updateTable('jobs')
          .set(transition(state, change))
          .where('tenant', '=', tenant)
          .where('id', '=', id)
        if (!change.retry) query = query.where('state', 'in', UNFINISHED)
        if (change.attempt !== undefined) query = query.where('attempt', '=', change.attempt)
        const row = await query.returningAll().executeTakeFirst()
        if (row === undefined) return undefined
        if (state === 'completed')
          await trx.deleteFrom('checkpoints').where('tenant', '=', tenant).where('job_id', '=', id).execute()
        const read = await readOrReset(trx, row, { ...change, damaged })
        return read && { job: read.job, video: await followJob(trx, read.row, { at: change.at, damaged }) }
      }),

    async isHeld(id) {
      const row = await db
        .selectFrom('jobs')
        .select('lease_owner')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .where(({ not }) => not(isFree('jobs.lease_until', clock)))
        .executeTakeFirst()
      return row?.lease_owner != null && !processes.isDead(row.lease_owner)
    },

    async saveCheckpoint(id, stage, data) {
      const json = JSON.stringify(data)
      await db
        .insertInto('checkpoints')
        .values({ tenant, job_id: id, stage, data: json })
        .onConflict(conflict => conflict.columns(['tenant', 'job_id', 'stage']).doUpdateSet({ data: json }))
        .execute()
    },

    async checkpoint(id, stage) {
      const row = await db
        .selectFrom('checkpoints')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('job_id', '=', id)
        .where('stage', '=', stage)
        .executeTakeFirst()
      return row && damaged.readIfWhole(CHECKPOINT, row)
    },
  }
}

function withStage(stages: readonly StageStatus[], stage: StageStatus): StageStatus[] {
  const known = stages.some(({ name }) => name === stage.name)
  return known ? stages.map(old => (old.name === stage.name ? stage : old)) : [...stages, stage]
}

function transition(state: JobTransition, change: JobChange) {
  const { at, error, speed, stages, progress, retry } = change
  const changed = {
    state,
    // The worker that runs a cancelled job keeps holding it until nothing of it runs any more.
    ...(state !== 'cancelled' && { lease_owner: null, lease_until: null }),
    error: toJson(error),
    ...(stages && { stages: JSON.stringify(stages) }),
    ...(progress !== undefined && { progress }),
    ...(retry && { crashes: 0, deaths: 0 }),
    ...(retry?.traceparent !== undefined && { traceparent: retry.traceparent }),
  }
  if (state === 'queued') return { ...changed, finished_at: null, started_at: null }
  // A clock set back must not end a job before it started.
  const finished = sql<string>`max(coalesce(started_at, created_at), ${at})`
  return { ...changed, finished_at: finished, ...(speed !== undefined && { speed }) }
}
