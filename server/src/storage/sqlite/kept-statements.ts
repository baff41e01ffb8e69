import type { SqliteDatabase, SqliteStatement } from 'kysely'
import type { DatabaseConnection } from './driver.js'

/** Most cached statements: more than the store has, apart from those with lists of variable length. */
const KEPT = 500

/**
 * Caches prepared statements by their text, least recently used first out: preparing most of ours takes longer than
 * running them. A statement is never used twice at the same time, because each runs to its end first.
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
