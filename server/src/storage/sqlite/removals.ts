import type { Id } from '@cuewire/protocol'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { OfTenant } from '../of-tenant.js'
import type { Tables } from '../schema.js'

/** Notes, in the transaction that removes their row, that the files of a video are to be deleted. */
export async function removeFilesOf(trx: Transaction<Tables>, { tenant, videoId }: OfTenant<{ videoId: Id }>) {
  await trx
    .insertInto('removals')
    .values({ tenant, video_id: videoId })
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

/** Lists the files still to be deleted. */
export async function listRemovals(
  db: Kysely<Tables>,
  limit: number,
  after: OfTenant<{ videoId: Id }> | undefined,
): Promise<OfTenant<{ videoId: Id }>[]> {
  let query = db.selectFrom('removals').select(['tenant', 'video_id as videoId'])
  if (after) query = query.where(sql<boolean>`(tenant, video_id) > (${after.tenant}, ${after.videoId})`)
  return await query.orderBy('tenant').orderBy('video_id').limit(limit).execute()
}

/** Records that the files of a video have been deleted. */
export async function filesRemoved(db: Kysely<Tables>, { tenant, videoId }: OfTenant<{ videoId: Id }>): Promise<void> {
  await db.deleteFrom('removals').where('tenant', '=', tenant).where('video_id', '=', videoId).execute()
}
