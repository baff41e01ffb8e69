import { parentPort, workerData } from 'node:worker_threads'
import { Kysely } from 'kysely'
import { assert } from '../../lib/assert.js'
import { yieldToEventLoop } from '../../lib/priority.js'
import type { Tables } from '../schema.js'
import { BUSY_TIMEOUT_MS, Database } from './driver.js'
import { ImmediateSqliteDialect } from './immediate-dialect.js'
import { withKeptStatements } from './kept-statements.js'
import { removeReplaced } from './large-results.js'
import type { FromUpkeepWorker, ToUpkeepWorker } from './upkeep-thread.js'

yieldToEventLoop()

/** Interval between checkpoints. It determines how far the log grows, and how much a start after a kill reads again. */
const INTERVAL_MS = 500

assert(parentPort, 'an upkeep worker runs in a thread')
const port = parentPort
const { file } = workerData as { readonly file: string }
const database = new Database(file, { timeout: BUSY_TIMEOUT_MS })
database.pragma('foreign_keys = on')
database.pragma('wal_autocheckpoint = 0')
const db = new Kysely<Tables>({ dialect: new ImmediateSqliteDialect({ database: withKeptStatements(database) }) })
// Passive: neither waits for readers and writers nor blocks them.
const timer = setInterval(() => database.pragma('wal_checkpoint(PASSIVE)'), INTERVAL_MS)
const closing = new AbortController()
const underWay = new Set<Promise<void>>()

async function answer({ id, replaced }: Exclude<ToUpkeepWorker, 'close'>): Promise<void> {
  const answered: FromUpkeepWorker = await removeReplaced(db, replaced, closing.signal).then(
    () => ({ id }),
    (error: Error & { code?: unknown }) => ({ id, fault: { code: error.code, message: error.message } }),
  )
  port.postMessage(answered)
}

port.on('message', async (message: ToUpkeepWorker) => {
  if (message !== 'close') {
    const answered = answer(message).finally(() => underWay.delete(answered))
    underWay.add(answered)
    return
  }
  clearInterval(timer)
  closing.abort(new Error('the database was closed'))
  await Promise.all(underWay)
  await db.destroy()
  port.close()
})
