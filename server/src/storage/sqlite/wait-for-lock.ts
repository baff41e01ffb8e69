import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseConnection } from 'kysely'
import { BUSY_TIMEOUT_MS } from './driver.js'

const RETRY_MS = 1

/**
 * Makes a connection wait until no other process holds the write lock, without blocking the event loop. SQLite's own
 * `busy_timeout`, which must be 0 for it, sleeps on the thread that asks.
 */
export function waitForLock(connection: DatabaseConnection): void {
  const execute = connection.executeQuery.bind(connection)
  connection.executeQuery = async query => {
    const startedMs = performance.now()
    for (;;) {
      try {
        return await execute(query)
      } catch (error) {
        if (!isLocked(error) || performance.now() - startedMs > BUSY_TIMEOUT_MS) throw error
      }
      await sleep(RETRY_MS)
    }
  }
}

// The second comes while the index of a log whose writer was killed is made anew.
const LOCKED: readonly unknown[] = ['SQLITE_BUSY', 'SQLITE_BUSY_RECOVERY']

const isLocked = (error: unknown) => error instanceof Error && 'code' in error && LOCKED.includes(error.code)
