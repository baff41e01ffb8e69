import { Kysely, type DatabaseConnection as KyselyConnection, SqliteDialect, sql } from 'kysely'
import { isDiskFull } from '../../lib/app-error.js'
import { type Clock, systemClock } from '../../lib/clock.js'
import { DamagedRows } from '../damaged-rows.js'
import { pendingMigrations } from '../migrate.js'
import type { Tables } from '../schema.js'
import type { Store } from '../store.js'
import { StoreOpenError } from '../store-open-error.js'
import { createSqliteChats } from './chats.js'
import { createSqliteContent } from './content.js'
import { Database, type DatabaseConnection } from './driver.js'
import { createSqliteJobs } from './jobs.js'
import { lockDataFolder } from './lock.js'
import { createSqliteOutcomes } from './outcomes.js'
import { createPrivateFile } from './private-file.js'
import { createSqliteSearch } from './search.js'
import { createSqliteUploads } from './uploads.js'
import { createSqliteVideos } from './videos.js'

/** How long a statement waits for another program, such as a backup, that holds the file. */
const BUSY_TIMEOUT_MS = 5000

interface SqliteStoreOptions {
  readonly file: string
  /** Told of a full disk, whoever asked for what could not be stored, and of damaged rows. */
  readonly logger?: { error(data: object, message: string): void }
  /** @default the system's */
  readonly clock?: Clock
}

/**
 * Opens the database of one machine, makes or upgrades its tables, and keeps other servers off it until `close`.
 * Throws a StoreOpenError that names the fix.
 *
 * Commits survive the death of the process (kill -9 included): in WAL mode they are with the operating system before the
 * promise resolves. With `synchronous = normal` a power cut may lose the last seconds but never damages the file; a full
 * sync of each commit would stall the sockets, and what matters most, a finished upload, is synced and found again by itself.
 */
export async function openSqliteStore({ file, logger, clock = systemClock }: SqliteStoreOptions): Promise<Store> {
  let unlock: (() => void) | undefined
  try {
    unlock = lockDataFolder(file)
    return store(openDatabase(file), unlock, { clock, ...(logger && { logger }) })
  } catch (error) {
    unlock?.()
    if (error instanceof StoreOpenError) throw error
    throw new StoreOpenError('store.unreadable', `${file} cannot be opened as a Cuewire database: ${String(error)}`, {
      cause: error,
    })
  }
}

function openDatabase(file: string): DatabaseConnection {
  createPrivateFile(file)
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    database.pragma('journal_mode = wal')
    database.pragma('synchronous = normal')
    database.pragma('foreign_keys = on')
    database.transaction(() => upgrade(database, file)).exclusive()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function upgrade(database: DatabaseConnection, file: string): void {
  for (const step of pendingMigrations(Number(database.pragma('user_version', { simple: true })), file)) {
    database.exec(step.sqlite)
    database.pragma(`user_version = ${step.version}`)
  }
  // Whoever held a lease is dead, or the lock would not be ours, so its jobs are free at once.
  database.exec(`update jobs set lease_until = 0 where state = 'running'`)
  // What a killed server had begun to remove.
  database.exec('delete from results where complete < 0')
}

function store(
  database: DatabaseConnection,
  unlock: () => void,
  { clock, logger }: Pick<SqliteStoreOptions, 'logger'> & { readonly clock: Clock },
): Store {
  const onCreateConnection = async (connection: KyselyConnection) => logFullDisk(connection, logger)
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database, onCreateConnection }) })
  const damaged = new DamagedRows(logger)
  const close = async () => {
    // Waits its turn behind every statement under way.
    await sql`pragma optimize`.execute(db)
    await db.destroy()
    unlock()
  }
  let closed: Promise<void> | undefined
  return {
    videos: createSqliteVideos(db, { clock, damaged }),
    uploads: createSqliteUploads(db, damaged),
    jobs: createSqliteJobs(db, { clock, damaged }),
    content: createSqliteContent(db, damaged),
    search: createSqliteSearch(db, damaged),
    chats: createSqliteChats(db, damaged),
    outcomes: createSqliteOutcomes(db, damaged),
    damaged: damaged.counts,
    close() {
      closed ??= close()
      return closed
    },
  }
}

/** Kysely has a log of errors, but that doubles the time of a look-up. */
function logFullDisk(connection: KyselyConnection, logger: SqliteStoreOptions['logger']): void {
  const execute = connection.executeQuery.bind(connection)
  connection.executeQuery = async query => {
    try {
      return await execute(query)
    } catch (error) {
      if (isDiskFull(error)) logger?.error({ err: error, sql: query.sql }, 'the disk is full')
      throw error
    }
  }
}
