import type { Kysely, SqliteDatabase } from 'kysely'
import type { Clock } from '../../lib/clock.js'
import type { DamagedRows } from '../damaged-rows.js'
import type { Tables } from '../schema.js'
import type { RemoveReplaced } from './large-results.js'

/** The part of the database that belongs to one tenant: every query names it. */
export interface TenantDb {
  readonly db: Kysely<Tables>
  /** For look-ups of a few microseconds: reads the last commit at once. Undefined within a transaction, whose changes it misses. */
  readonly committed: SqliteDatabase | undefined
  /** For queries that may take long; run by threads if there are any. Sees only committed data. */
  readonly reads: Kysely<Tables>
  /** Run by a thread if there is one. */
  readonly removeReplaced: RemoveReplaced
  readonly tenant: string
  readonly clock: Clock
  readonly damaged: DamagedRows
  readonly processes: Processes
}

/** The processes that share the database. */
export interface Processes {
  /** Id of this process, for what it holds. */
  readonly id: string
  /** Whether another process is certainly dead. */
  isDead(id: string): boolean
}
