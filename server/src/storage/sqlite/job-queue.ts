import type { Job } from '@cuewire/protocol'
import { type ExpressionBuilder, type Kysely, sql, type Transaction } from 'kysely'
import { AppError } from '../../lib/app-error.js'
import { errorShape } from '../../lib/error-shape.js'
import type { DamagedRows } from '../damaged-rows.js'
import type { Tables } from '../schema.js'
import type { ClaimedJob, JobQueue, JobRef } from '../server-store.js'
import type { JobWithVideo } from '../store.js'
import { readOrReset } from './damaged-job.js'
import { appendEvents, type EventsOptions } from './events.js'
import { inTransaction } from './in-transaction.js'
import { laterOf } from './later-of.js'
import { isFree, leaseEnd } from './lease-time.js'
import type { Processes } from './tenant-db.js'
import { followJob } from './videos.js'

const DAMAGED_VIDEO = errorShape(
  new AppError('record.damaged', 'The stored record of the video is damaged; delete it with video.delete.'),
)

interface JobQueueOptions extends Omit<EventsOptions, 'db' | 'tenant'> {
  readonly damagedOf: (tenant: string) => DamagedRows
  readonly processes: Processes
}

/** Claims and leases over the jobs of all tenants, in SQLite. */
export function createSqliteJobQueue(db: Kysely<Tables>, options: JobQueueOptions): JobQueue {
  const { clock, damagedOf, processes, appended } = options
  const until = (leaseMs: number) => leaseEnd(leaseMs, clock)
  const expired = (eb: ExpressionBuilder<Tables, 'jobs'>) =>
    eb.and([eb('jobs.state', '=', 'running'), isFree('jobs.lease_until', clock)])

  /** `nothing` if no job waits; `unreadable` for a job whose very id is uncertain, which has been failed. */
  const claimRow = ({
    owner,
    leaseMs,
    maxCrashes,
    maxDeaths,
    except,
    alone,
    events,
  }: Parameters<JobQueue['claim']>[0]) =>
    inTransaction(db, async (trx): Promise<ClaimedJob | 'nothing' | 'unreadable'> => {
      const at = new Date(clock.now()).toISOString()
      // The tenant with the least recent turn comes first, so that one with a thousand jobs does not block the others.
      const next = await trx
        .selectFrom('jobs')
        .leftJoin('turns', 'turns.tenant', 'jobs.tenant')
        .select(['jobs.tenant', 'jobs.id'])
        .where(UNFINISHED)
        .where(eb =>
          eb.or([
            eb.and([eb('jobs.state', '=', 'queued'), isFree('jobs.lease_until', clock)]),
            eb.and([expired(eb), eb('jobs.crashes', '<', maxCrashes), eb('jobs.deaths', '<', maxDeaths - 1)]),
          ]),
        )
        .where(alone ? sql<boolean>`true` : sql<boolean>`jobs.state = 'queued' and jobs.deaths = 0`)
        .where(notIn(except))
        .orderBy(sql`coalesce(turns.turn, 0)`)
        .orderBy('jobs.created_at')
        .orderBy('jobs.id')
        .limit(1)
        .executeTakeFirst()
      if (!next) return 'nothing'
      const row = await trx
        .updateTable('jobs')
        .set(({ eb, ref }) => ({
          state: 'running',
          attempt: eb(ref('attempt'), '+', 1),
          deaths: sql<number>`deaths + (state = 'running')`,
          lease_owner: owner,
          lease_until: until(leaseMs),
          started_at: sql<string>`coalesce(started_at, max(created_at, ${at}))`,
        }))
        .where('tenant', '=', next.tenant)
        .where('id', '=', next.id)
        .returningAll()
        .executeTakeFirstOrThrow()
      await takeTurn(trx, row.tenant)
      const damaged = damagedOf(row.tenant)
      const read = await readOrReset(trx, row, { at, damaged })
      if (!read) return 'unreadable'
      const { tenant } = row
      const told = async (claimed: JobWithVideo) => {
        if (events) await appendEvents(trx, events(claimed), { ...options, tenant })
        return { tenant, deaths: row.deaths, ...claimed }
      }
      const video = await followJob(trx, read.row, { at, damaged })
      if (video || read.job.state !== 'running') return await told({ job: read.job, video })
      // Without its video the job can never run.
      const error = JSON.stringify(DAMAGED_VIDEO)
      const finishedAt = laterOf(read.job.startedAt ?? at, at)
      const failed = { state: 'failed', error, lease_owner: null, lease_until: null, finished_at: finishedAt }
      await trx.updateTable('jobs').set(failed).where('tenant', '=', tenant).where('id', '=', read.job.id).execute()
      const job: Job = { ...read.job, state: 'failed', error: DAMAGED_VIDEO, finishedAt }
      return await told({ job, video: undefined })
    })

  return {
    async claim(wanted) {
      for (;;) {
        const claimed = await claimRow(wanted)
        if (wanted.events && typeof claimed === 'object') appended()
        if (claimed === 'nothing') return undefined
        if (claimed !== 'unreadable') return claimed
      }
    },

    async abandoned({ maxCrashes, maxDeaths, except }) {
      const rows = await db
        .selectFrom('jobs')
        .selectAll()
        .where(UNFINISHED)
        .where(eb => expired(eb))
        .where(({ eb, or }) => or([eb('crashes', '>=', maxCrashes), eb('deaths', '>=', maxDeaths - 1)]))
        .where(notIn(except))
        .execute()
      const at = new Date(clock.now()).toISOString()
      const jobs = await Promise.all(
        rows.map(async row => {
          const read = await readOrReset(db, row, { at, damaged: damagedOf(row.tenant) })
          return read && { tenant: row.tenant, job: read.job }
        }),
      )
      return jobs.flatMap(found => (found?.job.state === 'running' ? found : []))
    },

    async unattended(forMs) {
      const madeBy = new Date(clock.now() - forMs).toISOString()
      const free = isFree('jobs.lease_until', clock)
      const { waiting, held } = await db
        .selectFrom('jobs')
        .select([
          sql<number>`count(*) filter (where ${free} and created_at <= ${madeBy})`.as('waiting'),
          sql<number>`count(*) filter (where not ${free})`.as('held'),
        ])
        .where(UNFINISHED)
        .executeTakeFirstOrThrow()
      return held > 0 ? 0 : waiting
    },

    async renew({ tenant, id }, owner, leaseMs) {
      const { numUpdatedRows } = await db
        .updateTable('jobs')
        .set({ lease_until: until(leaseMs) })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .where('state', '=', 'running')
        .where('lease_owner', '=', owner)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async letGo({ tenant, id }, owner) {
      await db
        .updateTable('jobs')
        .set({ lease_owner: null, lease_until: null })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .where('lease_owner', '=', owner)
        .execute()
    },

    async crashed(owner) {
      await db
        .updateTable('jobs')
        .set(({ eb, ref }) => ({ crashes: eb(ref('crashes'), '+', 1), lease_until: 0 }))
        .where('state', '=', 'running')
        .where('lease_owner', '=', owner)
        .execute()
    },

    async expireDead() {
      const owners = await db
        .selectFrom('jobs')
        .select('lease_owner')
        .distinct()
        .where(UNFINISHED)
        .where('lease_owner', 'is not', null)
        .execute()
      const dead = owners.flatMap(({ lease_owner: owner }) => (owner !== null && processes.isDead(owner) ? owner : []))
      if (dead.length === 0) return
      await db.updateTable('jobs').set({ lease_until: 0 }).where(UNFINISHED).where('lease_owner', 'in', dead).execute()
    },
  }
}

/** Must match the condition of the index on unfinished jobs. */
const UNFINISHED = sql<boolean>`jobs.state in ('queued', 'running')`

function notIn(jobs: readonly JobRef[]) {
  const pairs = jobs.map(({ tenant, id }) => sql`(${tenant}, ${id})`)
  return pairs.length === 0
    ? sql<boolean>`true`
    : sql<boolean>`(jobs.tenant, jobs.id) not in (values ${sql.join(pairs)})`
}

async function takeTurn(trx: Transaction<Tables>, tenant: string): Promise<void> {
  const turn = sql<number>`(select coalesce(max(turn), 0) + 1 from turns)`
  await trx
    .insertInto('turns')
    .values({ tenant, turn })
    .onConflict(conflict => conflict.column('tenant').doUpdateSet({ turn }))
    .execute()
}
