import { Kysely, type DatabaseConnection as KyselyConnection, sql } from 'kysely'
import { load as loadVectorFunctions } from 'sqlite-vec'
import { isDiskFull } from '../../lib/app-error.js'
import { type Clock, systemClock } from '../../lib/clock.js'
import { errorCode } from '../../lib/error-code.js'
import { EVENT_RETENTION, type EventRetention } from '../../lib/event-retention.js'
import { isDead, PROCESS_ID } from '../../lib/process-id.js'
import { remembered } from '../../lib/remembered.js'
import { DamagedRows } from '../damaged-rows.js'
import { pendingMigrations } from '../migrate.js'
import type { Tables } from '../schema.js'
import type { ServerStore } from '../server-store.js'
import type { Store } from '../store.js'
import { StoreOpenError } from '../store-open-error.js'
import { createSqliteChats } from './chats.js'
import { createSqliteContent } from './content.js'
import { BUSY_TIMEOUT_MS, Database, type DatabaseConnection } from './driver.js'
import { type CheckEvent, createSqliteEventLog, createSqliteEvents, type EventsOptions } from './events.js'
import { ImmediateSqliteDialect } from './immediate-dialect.js'
import { inTransaction } from './in-transaction.js'
import { createSqliteJobQueue } from './job-queue.js'
import { createSqliteJobs } from './jobs.js'
import { withKeptStatements } from './kept-statements.js'
import { type RemoveReplaced, type ReplacedResults, removeReplaced as removeHere } from './large-results.js'
import { createSqliteOutcomes } from './outcomes.js'
import { createPrivateFile } from './private-file.js'
import { readByThreads } from './query-threads.js'
import { createSqliteSearch } from './search.js'
import type { Processes, TenantDb } from './tenant-db.js'
import { createSqliteUpkeep } from './upkeep.js'
import { UpkeepThread } from './upkeep-thread.js'
import { createSqliteUploads } from './uploads.js'
import { createSqliteVectors } from './vectors.js'
import { createSqliteVideos } from './videos.js'
import { waitForLock } from './wait-for-lock.js'

interface SqliteStoreOptions {
  readonly file: string
  /** Logs a full disk, whichever write hit it, and damaged rows. */
  readonly logger?: { error(data: object, message: string): void }
  /** @default the system's */
  readonly clock?: Clock
  /** @default EVENT_RETENTION */
  readonly retention?: EventRetention
  /** Throws if the data of an event does not fit its schema. Absent if output is not checked. */
  readonly checkEvent?: CheckEvent | undefined
  /** Processes that share the database. @default those of this machine */
  readonly processes?: Processes
  /**
   * Threads for long queries, where the event loop must not be blocked. One more thread then writes checkpoints and
   * removes replaced results.
   * @default none: everything runs on the event loop
   */
  readonly queryThreads?: number
}

const PROCESSES: Processes = { id: PROCESS_ID, isDead }

/**
 * Opens the database of one machine, which several processes may share, and makes or upgrades its tables.
 * Throws a StoreOpenError that names the fix, and another error where trying again may help.
 *
 * Commits survive the death of the process (kill -9 included): in WAL mode they are with the operating system before the
 * promise resolves. With `synchronous = normal` a power cut may lose the last seconds but never damages the file; a full
 * sync of each commit would stall the sockets, and what matters most, a finished upload, is synced and found again by itself.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<ServerStore> {
  const { file } = options
  try {
    return store(openDatabase(file), options)
  } catch (error) {
    if (error instanceof StoreOpenError) throw error
    const message = `${file} cannot be opened as a Cuewire database: ${String(error)}`
    if (isPassing(error)) throw new Error(message, { cause: error })
    throw new StoreOpenError('store.unreadable', message, { cause: error })
  }
}

/** Whether it is the state of the machine that is wrong rather than the file: a full disk, a lock, too many open files. */
function isPassing(error: unknown): boolean {
  const code = errorCode(error) ?? ''
  return /^(?:SQLITE_(?:BUSY|LOCKED|PROTOCOL|FULL|IOERR|NOMEM)|ENOSPC|EDQUOT|EIO|EMFILE|ENFILE|ENOMEM)/.test(code)
}

function openDatabase(file: string): DatabaseConnection {
  createPrivateFile(file)
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    database.pragma('journal_mode = wal')
    database.pragma('synchronous = normal')
    database.pragma('foreign_keys = on')
    loadVectorFunctions(database)
    database.transaction(() => upgrade(database, file)).exclusive()
    // From here on `waitForLock` waits.
    database.pragma('busy_timeout = 0')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** A connection for reading. Its files are opened now and not by the first query, so that a fault shows at the start. */
function openReadOnly(file: string): DatabaseConnection {
  const database = new Database(file, { readonly: true, timeout: BUSY_TIMEOUT_MS })
  database.pragma('user_version')
  return database
}

function upgrade(database: DatabaseConnection, file: string): void {
  for (const step of pendingMigrations(Number(database.pragma('user_version', { simple: true })), file)) {
    database.exec(step.sqlite)
    database.pragma(`user_version = ${step.version}`)
  }
}

function store(database: DatabaseConnection, options: SqliteStoreOptions): ServerStore {
  const { logger, clock = systemClock, retention = EVENT_RETENTION, checkEvent: check, processes = PROCESSES } = options
  const { file, queryThreads = 0 } = options
  const onCreateConnection = async (connection: KyselyConnection) => {
    waitForLock(connection)
    logFullDisk(connection, logger)
  }
  const db = new Kysely<Tables>({
    dialect: new ImmediateSqliteDialect({ database: withKeptStatements(database), onCreateConnection }),
  })
  const committed = withKeptStatements(openReadOnly(file))
  const hasThreads = queryThreads > 0
  const reads = hasThreads ? readByThreads(file, queryThreads) : db
  const thread = hasThreads ? new UpkeepThread({ file, logger }) : undefined
  const removeReplaced: RemoveReplaced = thread?.removeReplaced ?? (replaced => removeHere(db, replaced))
  if (thread) database.pragma('wal_autocheckpoint = 0')
  const tenants = new Map<string, Store>()
  const damagedRows = new Map<string, DamagedRows>()
  const damagedOf = (tenant: string) => remembered(damagedRows, tenant, () => new DamagedRows({ tenant, logger }))
  const listeners = new Set<() => void>()
  const appended = () => {
    for (const listener of listeners) listener()
  }
  const close = async () => {
    // Waits for all running statements. There is no `pragma optimize`: with statistics from when the database was
    // small, SQLite would scan whole tables that have grown since.
    await sql`select 1`.execute(db)
    if (reads !== db) await reads.destroy()
    await thread?.close()
    committed.close()
    await db.destroy()
  }
  let closed: Promise<void> | undefined
  return {
    for: tenant =>
      remembered(tenants, tenant, () =>
        storeOf({
          ...{ db, committed, reads, removeReplaced, tenant, clock, damaged: damagedOf(tenant), processes },
          ...{ retention, check, appended },
        }),
      ),
    queue: createSqliteJobQueue(db, { clock, damagedOf, processes, retention, check, appended }),
    upkeep: createSqliteUpkeep(db, { removeReplaced, processes, damagedOf }),
    log: createSqliteEventLog(db, { retention, now: () => clock.now(), listeners }),
    async check() {
      await db.selectFrom('jobs').select('id').limit(1).execute()
      return undefined
    },
    close() {
      closed ??= close()
      return closed
    },
  }
}

function storeOf(parts: TenantDb & EventsOptions): Store {
  return {
    videos: createSqliteVideos(parts),
    uploads: createSqliteUploads(parts),
    jobs: createSqliteJobs(parts),
    content: createSqliteContent(parts),
    search: createSqliteSearch(parts),
    vectors: createSqliteVectors(parts),
    chats: createSqliteChats(parts),
    outcomes: createSqliteOutcomes(parts),
    events: createSqliteEvents(parts),
    async atomically(work) {
      let wroteEvents = false
      const appended = () => {
        wroteEvents = true
      }
      const replaced: ReplacedResults[] = []
      const removeReplaced: RemoveReplaced = async results => void replaced.push(results)
      const result = await inTransaction(parts.db, trx =>
        work(storeOf({ ...parts, db: trx, committed: undefined, reads: trx, removeReplaced, appended })),
      )
      if (wroteEvents) parts.appended()
      // After the transaction: this may take seconds, and during a transaction nobody else can write.
      for (const results of replaced) await parts.removeReplaced(results)
      return result
    },
    damaged: parts.damaged.counts,
  }
}

/** Kysely's own error log doubles the time of a look-up. */
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
