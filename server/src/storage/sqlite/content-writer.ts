import { type Id, type KindName, kindOf } from '@cuewire/protocol'
import type { Transaction } from 'kysely'
import type { OfTenant } from '../of-tenant.js'
import type { Tables } from '../schema.js'
import type { Draft } from './drafts.js'

/** Rows per statement. SQLite allows 32,766 parameters, and rows here have at most 10. */
const BATCH = 500

type OfDraft = OfTenant<{ readonly videoId: Id; readonly kind: KindName; readonly draft: Draft }>

/** Writes items and their search texts to a draft, replacing those with the same position. */
export async function writeItems(
  trx: Transaction<Tables>,
  { tenant, videoId, kind, draft }: OfDraft,
  items: readonly object[],
): Promise<void> {
  const row = kindOf(kind)
  const placed = items.map((item, at) => ({ item, position: row.position(item, at) }))
  const rows = placed.map(({ item, position }) => {
    const { start, end } = row.span(item)
    return { result_id: draft.id, position, start_time: start, end_time: end, data: JSON.stringify(item) }
  })
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
  const { search } = row
  if (search === undefined) return
  const texts = placed.flatMap(({ item, position }) => {
    const found = search.text(item)
    if (found === undefined) return []
    const { start, end, text, also = '' } = found
    return {
      ...{ tenant, video_id: videoId, result_id: draft.id, modality: search.modality, position },
      ...{ start_time: start, end_time: end, text, also, visible: Number(draft.visible) },
    }
  })
  for (const batch of batches(texts)) {
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

/** Removes all items of a draft. */
export async function clearDraft(trx: Transaction<Tables>, draft: Draft): Promise<void> {
  await trx.deleteFrom('items').where('result_id', '=', draft.id).execute()
  await trx.deleteFrom('texts').where('result_id', '=', draft.id).execute()
}

function* batches<T>(rows: readonly T[]): Generator<T[]> {
  for (let i = 0; i < rows.length; i += BATCH) yield rows.slice(i, i + BATCH)
}
