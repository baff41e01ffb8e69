import type { SqliteDatabase, SqliteStatement } from 'kysely'
import type { DatabaseConnection } from './driver.js'

/** Statements that are kept: more than the store has, but for those with lists of any length. */
const KEPT = 500

/**
 * The database with its statements kept by their text, the last used ones: SQLite takes longer to prepare most of ours
 * than to run them. A statement is never in use twice, as each runs to its end before anything else does.
 */
export function withKeptStatements(database: DatabaseConnection): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    close: () => {
      kept.clear()
      database.close()
    },
    prepare: text => {
      const known = kept.get(text)
      if (known) {
        kept.delete(text)
        kept.set(text, known)
        return known
      }
      const statement: SqliteStatement = database.prepare<unknown[]>(text)
      kept.set(text, statement)
      const [oldest] = kept.size > KEPT ? kept.keys() : []
      if (oldest !== undefined) kept.delete(oldest)
      return statement
    },
  }
}
