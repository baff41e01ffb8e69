import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../lib/assert.js'
import { BUSY_TIMEOUT_MS, Database } from './driver.js'

/** How much may be written meanwhile is what the log grows to, and what a start after a kill reads again. */
const INTERVAL_MS = 500

assert(parentPort, 'a checkpoint worker runs in a thread')
const port = parentPort
const { file } = workerData as { readonly file: string }
const database = new Database(file, { timeout: BUSY_TIMEOUT_MS })
// Passive: it waits for no reader or writer, and none for it.
const timer = setInterval(() => database.pragma('wal_checkpoint(PASSIVE)'), INTERVAL_MS)

port.once('message', () => {
  clearInterval(timer)
  database.close()
  port.close()
})
