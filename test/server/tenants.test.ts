import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EventStreams } from '@cuewire/server/bus/event-streams.js'
import { createMemoryNotices } from '@cuewire/server/bus/memory-notices.js'
import { loadConfig } from '@cuewire/server/config/load.js'
import { systemClock } from '@cuewire/server/lib/clock.js'
import { folderBlobs } from '@cuewire/server/storage/folder/blobs.js'
import type { ServerStore } from '@cuewire/server/storage/server-store.js'
import { Database, type DatabaseConnection } from '@cuewire/server/storage/sqlite/driver.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import { ServerTenants } from '@cuewire/server/tenants.js'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { aJob, aVideo } from '../support/entities.js'
import { testFolder } from '../support/test-folder.js'

/** Indexes and tables that hold only what waits to be done may be read whole. */
const OF_WAITING =
  /^SCAN (videos USING .*INDEX videos_queued|messages USING .*INDEX messages_answering|uploads USING .*INDEX .*|removals)$/

/** A data folder of so many tenants that once uploaded a video, each with its job, its result and its turn. */
async function dataOf(t: Test, tenants: number): Promise<string> {
  const dataDir = testFolder(t)
  const file = join(dataDir, 'cuewire.db')
  const server = await openSqliteStore({ file })
  const { videos, jobs, content } = server.for('first')
  const video = aVideo({ state: 'ready' })
  const job = aJob(video.id, { state: 'completed' })
  await videos.insert(video, undefined)
  await jobs.insert(job)
  await content.begin(video.id, 'shots', job.id)
  await content.complete(video.id, 'shots', job.id)
  await server.close()
  const raw = new Database(file)
  raw.exec(`create temp table names as
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ${tenants}) select 'tenant' || i as name from n`)
  for (const table of ['videos', 'jobs', 'results']) {
    const columns = raw.pragma(`table_info(${table})`) as { readonly name: string; readonly type: string }[]
    const others = columns.filter(({ name }) => name !== 'tenant' && !(table === 'results' && name === 'id'))
    const list = others.map(({ name }) => name).join(', ')
    raw.exec(
      `insert into ${table} (tenant, ${list}) select names.name, ${list} from names, ${table} where tenant = 'first'`,
    )
  }
  raw.exec('insert into turns select name, row_number() over () from names')
  raw.close()
  // Whoever looks below it fails.
  await writeFile(join(dataDir, 'tenants'), '')
  return dataDir
}

/** Opens the store, starts the tenants, and gives the statements that were run and the tenants that were bound. */
async function start(t: Test, dataDir: string) {
  const statements: string[] = []
  const { prepare, exec } = Database.prototype
  const note = (sql: string) => void statements.push(sql)
  t.intercept(Database.prototype, 'prepare', {
    configurable: true,
    value(this: DatabaseConnection, sql: string) {
      note(sql)
      return prepare.call(this, sql)
    },
  })
  t.intercept(Database.prototype, 'exec', {
    configurable: true,
    value(this: DatabaseConnection, sql: string) {
      note(sql)
      return exec.call(this, sql)
    },
  })
  const store = await openSqliteStore({ file: join(dataDir, 'cuewire.db') })
  const bound: string[] = []
  const watched: ServerStore = {
    ...store,
    for(tenant) {
      bound.push(tenant)
      return store.for(tenant)
    },
  }
  const unused = {} as never
  const notices = createMemoryNotices()
  const logged: unknown[] = []
  const tenants = new ServerTenants({
    config: loadConfig({ CUEWIRE_DATA_DIR: dataDir }),
    store: watched,
    blobs: folderBlobs(dataDir),
    ...{ media: unused, stills: unused, models: unused, text: unused },
    notices,
    streams: new EventStreams({ notices, eventsOf: tenant => watched.for(tenant).events, clock: systemClock }),
    clock: systemClock,
    logger: pino({ level: 'warn' }, { write: line => void logged.push(line) }),
  })
  await tenants.start()
  // What the worker and the sweeper ask for again and again.
  const claimable = { maxCrashes: 3, maxDeaths: 25, alone: true, except: [] }
  await store.queue.abandoned(claimable)
  await store.queue.claim({ owner: 'a', leaseMs: 1, ...claimable })
  await store.upkeep.uploads('2026')
  await store.upkeep.expireOutcomes(0, 200)
  t.teardown(async () => {
    await tenants.close()
    await store.close()
  })
  return { statements: [...new Set(statements)].sort(), bound, logged, tenants }
}

t.test('ten thousand tenants that once uploaded cost a start nothing, nor a sweep or a claim', async t => {
  const one = await start(t, await dataOf(t, 1))
  const dataDir = await dataOf(t, 10_000)
  const many = await start(t, dataDir)
  t.strictSame(many.statements, one.statements, 'the same statements')
  t.ok(many.statements.length > 5)
  t.strictSame([many.bound, many.tenants.all(), many.logged], [[], [], []])
  t.notOk(existsSync(join(dataDir, 'stills')))

  const raw = new Database(join(dataDir, 'cuewire.db'), { readonly: true })
  t.teardown(() => raw.close())
  for (const sql of many.statements.filter(sql => /^\s*(select|update|delete)/i.test(sql))) {
    for (const { detail } of planOf(raw, sql)) {
      if (detail.startsWith('SCAN') && !ONE_ROW.test(sql)) t.match(detail, OF_WAITING, sql)
    }
  }
})

/** The newest event: SQLite looks at it alone, and calls that a scan. */
const ONE_ROW = /from "events" order by "id" desc limit \?/

/** How SQLite would go about a statement. */
function planOf(raw: DatabaseConnection, sql: string): { readonly detail: string }[] {
  const statement = raw.prepare(`explain query plan ${sql}`)
  const parameters = Array.from({ length: sql.split('?').length - 1 }, () => 1)
  return statement.all(...parameters) as { readonly detail: string }[]
}
