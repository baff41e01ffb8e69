import type { Kysely } from 'kysely'
import type { Clock } from '../../lib/clock.js'
import type { DamagedRows } from '../damaged-rows.js'
import type { Tables } from '../schema.js'
import type { RemoveReplaced } from './large-results.js'

/** The part of the database that belongs to one tenant: every query names it. */
export interface TenantDb {
  readonly db: Kysely<Tables>
  /** For queries that may take long: threads read where there are any. It sees what was committed before. */
  readonly reads: Kysely<Tables>
  /** Done by a thread where there is one. */
  readonly removeReplaced: RemoveReplaced
  readonly tenant: string
  readonly clock: Clock
  readonly damaged: DamagedRows
  readonly processes: Processes
}

/** The processes that share the database. */
export interface Processes {
  /** Names this one in what it holds. */
  readonly id: string
  /** Whether another is certainly dead. */
  isDead(id: string): boolean
}
