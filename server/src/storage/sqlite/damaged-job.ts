import { type ErrorShape, JOB_STATES, type Job, type JobState } from '@cuewire/protocol'
import type { Kysely } from 'kysely'
import { AppError } from '../../lib/app-error.js'
import { errorShape } from '../../lib/error-shape.js'
import type { DamagedRows } from '../damaged-rows.js'
import { toJson } from '../parse-json.js'
import { JOB } from '../readers.js'
import type { Row, Tables } from '../schema.js'
import { laterOf } from './later-of.js'

const ENDED: readonly string[] = ['completed', 'failed', 'cancelled']
const LOST =
  'The stored record of this job was damaged, and its stages are lost; start another job with processing.start.'

/** The state of a job; an unknown state counts as failed. */
export function stateOf({ state }: Pick<Row<'jobs'>, 'state'>): JobState {
  return JOB_STATES.find(known => known === state) ?? 'failed'
}

interface Reset {
  readonly at: string
  /** Error of the failed job. @default its record was damaged */
  readonly error?: ErrorShape | undefined
}

/** Reads the job of a row. A damaged one is reset first. */
export async function readOrReset(
  db: Kysely<Tables>,
  row: Row<'jobs'>,
  { damaged, ...reset }: Reset & { readonly damaged: DamagedRows },
): Promise<{ readonly row: Row<'jobs'>; readonly job: Job } | undefined> {
  const whole = damaged.readIfWhole(JOB, row)
  if (whole) return { row, job: whole }
  const left = await resetDamagedJob(db, row, reset)
  const job = left && damaged.readIfWhole(JOB, left)
  return job && { row: left, job }
}

/** Resets the record of a damaged job to what is certain: its ids, and that it has ended. */
async function resetDamagedJob(
  db: Kysely<Tables>,
  { tenant, id, state, created_at }: Row<'jobs'>,
  { at, error }: Reset,
): Promise<Row<'jobs'> | undefined> {
  const end = ENDED.includes(state) ? state : 'failed'
  const createdAt = Number.isNaN(Date.parse(created_at)) ? at : new Date(created_at).toISOString()
  const reason = error ?? errorShape(new AppError('record.damaged', LOST))
  return await db
    .updateTable('jobs')
    .set({
      state: end,
      attempt: 0,
      progress: 0,
      stages: '[]',
      tracks: null,
      error: end === 'failed' ? toJson(reason) : null,
      speed: null,
      lease_owner: null,
      lease_until: null,
      crashes: 0,
      deaths: 0,
      traceparent: null,
      created_at: createdAt,
      started_at: null,
      finished_at: laterOf(createdAt, at),
    })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}
