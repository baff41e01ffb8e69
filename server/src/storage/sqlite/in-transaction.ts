import type { Kysely, Transaction } from 'kysely'
import type { Tables } from '../schema.js'

/** Does the work in the transaction that is open, or else in one of its own. */
export function inTransaction<T>(db: Kysely<Tables>, work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db as Transaction<Tables>) : db.transaction().execute(work)
}
