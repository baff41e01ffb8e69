import type { Id } from '@cuewire/protocol'
import { sql } from 'kysely'
import type { VectorHit, VectorSource, VectorStore } from '../vectors.js'
import { beginDraft, completeDraft, openDraft } from './drafts.js'
import { inTransaction } from './in-transaction.js'
import type { TenantDb } from './tenant-db.js'

/** Candidates chosen by their signs for each hit asked for. */
const CANDIDATES_PER_HIT = 20
const LEAST_CANDIDATES = 200
/** Largest value of an int8. */
const SCALE = 127

interface Found {
  readonly videoId: Id
  readonly source: VectorSource
  readonly position: number
  readonly start: number
  readonly end: number
  readonly distance: number
}

/**
 * Vectors in SQLite, compared by sqlite-vec: signs preselect by Hamming distance, and int8 values rank what is left. Both
 * are read whole within a tenant and space, or within videos.
 */
export function createSqliteVectors({ db, reads, removeReplaced, tenant }: TenantDb): VectorStore {
  return {
    async begin(videoId, source, jobId) {
      await inTransaction(db, trx => beginDraft(trx, { tenant, videoId, kind: source, jobId }))
      await removeReplaced({ tenant, videoId, kind: source })
    },

    add: (videoId, source, jobId, space, spans) =>
      inTransaction(db, async trx => {
        const draft = await openDraft(trx, { tenant, videoId, kind: source, jobId })
        for (const { position, start, end, vector } of spans) {
          await trx
            .replaceInto('vectors')
            .values({
              ...{ result_id: draft.id, position, tenant, video_id: videoId, space },
              ...{ start_time: start, end_time: end, signs: signsOf(vector), vector: int8Of(vector) },
            })
            .execute()
        }
      }),

    async complete(videoId, source, jobId) {
      await inTransaction(db, trx => completeDraft(trx, { tenant, videoId, kind: source, jobId }))
      await removeReplaced({ tenant, videoId, kind: source })
    },

    async nearest({ space, vector, videoIds, limit }) {
      const candidates = Math.max(LEAST_CANDIDATES, limit * CANDIDATES_PER_HIT)
      const among = videoIds === undefined ? sql`` : sql`and video_id in (${sql.join(videoIds)})`
      const query = sql<Found>`
        with near as (
          select result_id, position from vectors
          where tenant = ${tenant} and space = ${space} ${among}
          order by vec_distance_hamming(vec_bit(signs), vec_bit(${signsOf(vector)}))
          limit ${candidates}
        )
        select
          vectors.video_id as videoId, results.kind as source, vectors.position,
          vectors.start_time as start, vectors.end_time as end,
          vec_distance_cosine(vec_int8(vectors.vector), vec_int8(${int8Of(vector)})) as distance
        from near
          join vectors using (result_id, position)
          join results on results.id = near.result_id and results.complete = 1
        order by distance, vectors.video_id, vectors.position
        limit ${limit}`
      const { rows } = await query.execute(reads)
      return rows.map(({ distance, ...span }): VectorHit => ({ ...span, similarity: 1 - distance }))
    },

    async count(videoId) {
      const { count } = await reads
        .selectFrom('vectors')
        .innerJoin('results', 'results.id', 'vectors.result_id')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('results.tenant', '=', tenant)
        .where('results.video_id', '=', videoId)
        .where('results.complete', '=', 1)
        .executeTakeFirstOrThrow()
      return count
    },
  }
}

/** A bit for each dimension, set where the value is positive. */
function signsOf(vector: Float32Array): Uint8Array {
  const signs = Buffer.alloc(Math.ceil(vector.length / 8))
  for (const [at, value] of vector.entries()) if (value > 0) signs[at >> 3] = (signs[at >> 3] ?? 0) | (1 << (at & 7))
  return signs
}

/** The values as int8, the largest as 127: the length of a vector does not matter for its direction. */
function int8Of(vector: Float32Array): Uint8Array {
  const most = vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1
  return Buffer.from(Int8Array.from(vector, value => Math.round((value * SCALE) / most)).buffer)
}
