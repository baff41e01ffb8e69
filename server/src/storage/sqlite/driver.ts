import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'

/** How long a statement waits while another program, such as a backup, locks the file. */
export const BUSY_TIMEOUT_MS = 5000

/** The oldest Node that better-sqlite3 13 runs on. */
const OLDEST_NODE_FOR_13 = 22

/**
 * The major version of better-sqlite3 for this Node. Version 12 aborts the process on Node 24.19 and later, when the
 * garbage collector frees a statement (`RemoveEnvironmentCleanupHook`, `env != nullptr`). Version 13 does not load on
 * Node 20.
 */
export const Database = createRequire(import.meta.url)(driverName()) as typeof BetterSqlite3

export type DatabaseConnection = BetterSqlite3.Database

function driverName(): string {
  const major = Number.parseInt(process.versions.node, 10)
  return major < OLDEST_NODE_FOR_13 ? 'better-sqlite3' : 'better-sqlite3-13'
}
