import { type ErrorShape, JOB_STATES, type JobState } from '@cuewire/protocol'
import type { Kysely } from 'kysely'
import { AppError } from '../../lib/app-error.js'
import { errorShape } from '../../lib/error-shape.js'
import { toJson } from '../parse-json.js'
import type { Row, Tables } from '../schema.js'

const ENDED: readonly string[] = ['completed', 'failed', 'cancelled']
const LOST =
  'The stored record of this job was damaged, and its stages are lost; begin another job with processing.start.'

/** The state of a job, which has failed when it is in none that is known. */
export function stateOf({ state }: Pick<Row<'jobs'>, 'state'>): JobState {
  return JOB_STATES.find(known => known === state) ?? 'failed'
}

/** Sets the record of a damaged job back to what is sure of it: its ids, and that it has ended. */
export async function resetDamagedJob(
  db: Kysely<Tables>,
  { id, state, created_at }: Row<'jobs'>,
  { at, error }: { readonly at: string; readonly error?: ErrorShape | undefined },
): Promise<Row<'jobs'> | undefined> {
  const end = ENDED.includes(state) ? state : 'failed'
  const reason = error ?? errorShape(new AppError('record.damaged', LOST))
  return await db
    .updateTable('jobs')
    .set({
      state: end,
      attempt: 0,
      progress: 0,
      stages: '[]',
      error: end === 'failed' ? toJson(reason) : null,
      speed: null,
      lease_owner: null,
      lease_until: null,
      created_at: Number.isNaN(Date.parse(created_at)) ? at : new Date(created_at).toISOString(),
      started_at: null,
      finished_at: at,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}
