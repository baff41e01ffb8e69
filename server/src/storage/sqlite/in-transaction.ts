import type { Kysely, Transaction } from 'kysely'
import type { Tables } from '../schema.js'

/** Runs the work in the open transaction, or else in a new one. */
export function inTransaction<T>(db: Kysely<Tables>, work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db as Transaction<Tables>) : db.transaction().execute(work)
}
