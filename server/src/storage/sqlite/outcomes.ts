import { OUTCOME } from '../readers.js'
import type { OutcomeStore } from '../store.js'
import { inTransaction } from './in-transaction.js'
import type { TenantDb } from './tenant-db.js'

/** Outcomes of keyed commands in SQLite. */
export function createSqliteOutcomes({ db, tenant, damaged }: TenantDb): OutcomeStore {
  return {
    async get(subject, key) {
      const row = await db
        .selectFrom('outcomes')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('subject', '=', subject)
        .where('key', '=', key)
        .executeTakeFirst()
      return row && damaged.read(OUTCOME, row)
    },

    put: ({ subject, key, fingerprint, outcome, createdAtMs }, keep) =>
      inTransaction(db, async trx => {
        const json = JSON.stringify(outcome)
        // Each row stores the number of earlier rows and their bytes, so that nothing needs to be counted.
        const newest = await trx
          .selectFrom('outcomes')
          .select(['position', 'total_bytes'])
          .where('tenant', '=', tenant)
          .where('subject', '=', subject)
          .orderBy('position', 'desc')
          .limit(1)
          .executeTakeFirst()
        const position = (newest?.position ?? 0) + 1
        const totalBytes = (newest?.total_bytes ?? 0) + Buffer.byteLength(json)
        await trx
          .replaceInto('outcomes')
          .values({
            tenant,
            subject,
            key,
            fingerprint,
            outcome: json,
            position,
            total_bytes: totalBytes,
            created_at: createdAtMs,
          })
          .execute()
        await trx
          .deleteFrom('outcomes')
          .where('tenant', '=', tenant)
          .where('subject', '=', subject)
          .where('position', '<', oldestKept =>
            oldestKept
              .selectFrom('outcomes')
              .select('position')
              .where('tenant', '=', tenant)
              .where('subject', '=', subject)
              .where('position', '>', position - keep.count)
              .where('total_bytes', '>', totalBytes - keep.bytes)
              .orderBy('position')
              .limit(1),
          )
          .execute()
      }),
  }
}
