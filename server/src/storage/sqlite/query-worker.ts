import { parentPort, workerData } from 'node:worker_threads'
import { load as loadVectorFunctions } from 'sqlite-vec'
import { assert } from '../../lib/assert.js'
import { yieldToEventLoop } from '../../lib/priority.js'
import { BUSY_TIMEOUT_MS, Database } from './driver.js'
import { withKeptStatements } from './kept-statements.js'
import type { FromQueryWorker, ToQueryWorker } from './query-thread.js'

yieldToEventLoop()

// Thread that reads the database: answers queries one at a time with their rows.

assert(parentPort, 'a query worker runs in a thread')
const port = parentPort
const { file } = workerData as { readonly file: string }
const connection = new Database(file, { readonly: true, timeout: BUSY_TIMEOUT_MS })
loadVectorFunctions(connection)
const database = withKeptStatements(connection)

port.on('message', ({ id, sql, parameters }: ToQueryWorker) => {
  port.postMessage(answer(id, () => database.prepare(sql).all(parameters)))
})

function answer(id: number, read: () => unknown[]): FromQueryWorker {
  try {
    return { id, rows: read() }
  } catch (error) {
    return { id, error }
  }
}
