import { setImmediate } from 'node:timers/promises'
import type { Id } from '@cuewire/protocol'
import { sql, type Transaction } from 'kysely'
import type { OfTenant } from '../of-tenant.js'
import type { Tables } from '../schema.js'
import type { SpeakerChange } from '../store.js'
import { visibleResult } from './drafts.js'

/** Sentences per statement, because each statement blocks the event loop. */
const BATCH = 100

/** Renames a speaker in the visible transcript and returns the number of sentences changed. Damaged rows stay as they are. */
export async function renameSpeaker(
  trx: Transaction<Tables>,
  { tenant, videoId, from, to }: OfTenant<{ readonly videoId: Id } & SpeakerChange>,
): Promise<number> {
  const result = visibleResult(trx, { tenant, videoId, kind: 'transcript' })
  let renamed = 0
  for (let after = -1; ; ) {
    const batch = trx
      .selectFrom('items')
      .select('position')
      .where('result_id', '=', result)
      .where('position', '>', after)
      .orderBy('position')
      .limit(BATCH)
      .as('batch')
    const { last } = await trx
      .selectFrom(batch)
      .select(({ fn }) => fn.max('position').as('last'))
      .executeTakeFirstOrThrow()
    if (last === null) return renamed
    const { numUpdatedRows } = await trx
      .updateTable('items')
      .set({ data: sql<string>`json_set(data, '$.speaker', ${to})` })
      .where('result_id', '=', result)
      .where('position', '>', after)
      .where('position', '<=', last)
      .where(sql<boolean>`case when json_valid(data) then data ->> 'speaker' = ${from} else 0 end`)
      .executeTakeFirst()
    renamed += Number(numUpdatedRows)
    after = last
    await setImmediate()
  }
}
