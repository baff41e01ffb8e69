import type { Id, KindName } from '@cuewire/protocol'
import type { Kysely, Transaction } from 'kysely'
import { assert } from '../../lib/assert.js'
import type { OfTenant } from '../of-tenant.js'
import type { Tables } from '../schema.js'
import type { VectorSource } from '../vectors.js'

/** What a result consists of: items of a kind, or vectors. */
export type ResultKind = KindName | VectorSource

/** One job's results of one kind for one video. */
export interface Run {
  readonly tenant: string
  readonly videoId: Id
  readonly kind: ResultKind
  readonly jobId: Id
}

/** The draft to write to. Its rows are `visible` unless a complete result hides them. */
export interface Draft {
  readonly id: number
  readonly visible: boolean
}

/** Opens or continues the draft of a run. Marks the draft of any other job for removal. */
export async function beginDraft(trx: Transaction<Tables>, { tenant, videoId, kind, jobId }: Run): Promise<void> {
  await trx
    .updateTable('results')
    .set(({ neg, ref }) => ({ complete: neg(ref('id')) }))
    .where('tenant', '=', tenant)
    .where('video_id', '=', videoId)
    .where('kind', '=', kind)
    .where('complete', '=', 0)
    .where('job_id', '!=', jobId)
    .execute()
  const video = await trx
    .selectFrom('videos')
    .select('id')
    .where('tenant', '=', tenant)
    .where('id', '=', videoId)
    .executeTakeFirst()
  assert(video, `there is no video ${videoId} to find ${kind} in`)
  await trx
    .insertInto('results')
    .values({ tenant, video_id: videoId, kind, job_id: jobId, complete: 0 })
    .onConflict(conflict => conflict.columns(['tenant', 'video_id', 'kind', 'complete']).doNothing())
    .execute()
}

/** Marks all results of a video for removal. */
export async function giveUpResults(trx: Transaction<Tables>, { tenant, videoId }: OfTenant<{ videoId: Id }>) {
  await trx
    .updateTable('results')
    .set(({ neg, ref }) => ({ complete: neg(ref('id')) }))
    .where('tenant', '=', tenant)
    .where('video_id', '=', videoId)
    .where('complete', '>=', 0)
    .execute()
}

/** The draft of a run. Writing without one is a bug. */
export async function openDraft(trx: Transaction<Tables>, run: Run): Promise<Draft> {
  const { draft, complete } = await resultsOf(trx, run)
  assert(draft?.job_id === run.jobId, `job ${run.jobId} has no draft of ${run.kind}`)
  return { id: draft.id, visible: complete === undefined }
}

/** Makes the draft of a run the result, and marks the previous result for removal. */
export async function completeDraft(trx: Transaction<Tables>, run: Run): Promise<void> {
  const { draft, complete } = await resultsOf(trx, run)
  if (draft?.job_id !== run.jobId && complete?.job_id === run.jobId) return
  assert(draft?.job_id === run.jobId, `job ${run.jobId} has no draft of ${run.kind}`)
  if (complete !== undefined)
    await trx.updateTable('results').set({ complete: -complete.id }).where('id', '=', complete.id).execute()
  await trx.updateTable('results').set({ complete: 1 }).where('id', '=', draft.id).execute()
}

/** The result readers see: the complete one, else the draft. For `result_id = ...` of a query. */
export function visibleResult(db: Kysely<Tables>, { tenant, videoId, kind }: Omit<Run, 'jobId'>) {
  return db
    .selectFrom('results')
    .select('id')
    .where('tenant', '=', tenant)
    .where('video_id', '=', videoId)
    .where('kind', '=', kind)
    .where('complete', '>=', 0)
    .orderBy('complete', 'desc')
    .limit(1)
}

/** The draft of a run, whether or not readers see it. For `result_id = ...` of a query. */
export function draftResult(db: Kysely<Tables>, { tenant, videoId, kind, jobId }: Run) {
  return db
    .selectFrom('results')
    .select('id')
    .where('tenant', '=', tenant)
    .where('video_id', '=', videoId)
    .where('kind', '=', kind)
    .where('job_id', '=', jobId)
    .where('complete', '=', 0)
}

/** The draft and the complete result of a kind, where there are any. */
export async function resultsOf(db: Kysely<Tables>, { tenant, videoId, kind }: Omit<Run, 'jobId'>) {
  const rows = await db
    .selectFrom('results')
    .select(['id', 'job_id', 'complete'])
    .where('tenant', '=', tenant)
    .where('video_id', '=', videoId)
    .where('kind', '=', kind)
    .execute()
  return { draft: rows.find(row => row.complete === 0), complete: rows.find(row => row.complete === 1) }
}
