import type { Id } from '@cuewire/protocol'
import type { Transaction } from 'kysely'
import type { ContentItem, ItemText } from '../content-items.js'
import type { OfTenant } from '../of-tenant.js'
import type { Tables } from '../schema.js'
import type { Draft } from './drafts.js'

/** Rows of one statement; SQLite takes 32,766 parameters in one, and rows here have at most 9. */
const BATCH = 500

/** Whose they are. */
export type OfVideo = OfTenant<{ readonly videoId: Id }>

/** Writes items and their search rows to a draft, in place of those with the same position. */
export async function writeItems(
  trx: Transaction<Tables>,
  { tenant, videoId }: OfVideo,
  draft: Draft,
  items: readonly ContentItem[],
): Promise<void> {
  const rows = items.map(({ position, start, end, value }) => ({
    result_id: draft.id,
    position,
    start_time: start,
    end_time: end,
    data: JSON.stringify(value),
  }))
  for (const batch of batches(rows)) {
    await trx
      .insertInto('items')
      .values(batch)
      .onConflict(conflict =>
        conflict.columns(['result_id', 'position']).doUpdateSet(({ ref }) => ({
          start_time: ref('excluded.start_time'),
          end_time: ref('excluded.end_time'),
          data: ref('excluded.data'),
        })),
      )
      .execute()
  }
  await writeTexts(
    trx,
    { tenant, videoId },
    draft,
    items.flatMap(({ text }) => text ?? []),
  )
}

/** Writes search rows to a draft, in place of those with the same position. */
export async function writeTexts(
  trx: Transaction<Tables>,
  { tenant, videoId }: OfVideo,
  draft: Draft,
  texts: readonly ItemText[],
): Promise<void> {
  const rows = texts.map(({ start, end, ...text }) => ({
    tenant,
    video_id: videoId,
    result_id: draft.id,
    start_time: start,
    end_time: end,
    visible: Number(draft.visible),
    ...text,
  }))
  for (const batch of batches(rows)) {
    await trx
      .insertInto('texts')
      .values(batch)
      .onConflict(conflict =>
        conflict.columns(['result_id', 'position']).doUpdateSet(({ ref }) => ({
          start_time: ref('excluded.start_time'),
          end_time: ref('excluded.end_time'),
          text: ref('excluded.text'),
          also: ref('excluded.also'),
        })),
      )
      .execute()
  }
}

function* batches<T>(rows: readonly T[]): Generator<T[]> {
  for (let i = 0; i < rows.length; i += BATCH) yield rows.slice(i, i + BATCH)
}
