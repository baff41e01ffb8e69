import { StoreOpenError } from '../store-open-error.js'
import { Database } from './driver.js'
import { createPrivateFile } from './private-file.js'

/** How long to wait for a server that is just shutting down. */
const WAIT_MS = 3000

/**
 * Makes this process the only one on a database, by holding the operating system's lock on an empty database beside it:
 * it vanishes with the process however that ends, and the main file stays open to readers and backups. Returns the undo.
 */
export function lockDataFolder(file: string): () => void {
  const lockFile = `${file}.lock`
  createPrivateFile(lockFile)
  const lock = new Database(lockFile, { timeout: WAIT_MS })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (!(error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY')) throw error
    throw new StoreOpenError(
      'store.in_use',
      `Another Cuewire server is using ${file}. Stop it, or give this one a data folder of its own.`,
      { cause: error },
    )
  }
  return () => {
    lock.close()
  }
}
