import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'

/** How long a statement waits for another program, such as a backup, that holds the file. */
export const BUSY_TIMEOUT_MS = 5000

/** The oldest Node that better-sqlite3 13 runs on. */
const OLDEST_NODE_FOR_13 = 22

/**
 * better-sqlite3, the major version that suits this Node. Version 12 ends the process on Node 24.19 and later, when the
 * garbage collector takes a statement (`RemoveEnvironmentCleanupHook`, `env != nullptr`); version 13 does not load on Node 20.
 */
export const Database = createRequire(import.meta.url)(driverName()) as typeof BetterSqlite3

export type DatabaseConnection = BetterSqlite3.Database

function driverName(): string {
  const major = Number.parseInt(process.versions.node, 10)
  return major < OLDEST_NODE_FOR_13 ? 'better-sqlite3' : 'better-sqlite3-13'
}
