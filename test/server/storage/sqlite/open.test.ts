import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { pendingMigrations } from '@cuewire/server/storage/migrate.js'
import { Database } from '@cuewire/server/storage/sqlite/driver.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import t from 'tap'
import { aJob, aSegment, aVideo, newId } from '../../../support/entities.js'
import { FakeClock } from '../../../support/fake-clock.js'
import { testFolder } from '../../../support/test-folder.js'

const CLAIM = { leaseMs: 60_000, maxCrashes: 10, maxDeaths: 25, alone: true, except: [] }
const CHILD = fileURLToPath(new URL('../../../support/write-until-killed.js', import.meta.url))

t.test('what was stored is there after the store is opened again', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const video = aVideo()
  const first = await openSqliteStore({ file })
  await first.for('acme').videos.insert(video, undefined)
  await first.close()
  const second = await openSqliteStore({ file })
  t.teardown(() => second.close())
  t.strictSame(await second.for('acme').videos.get(video.id), video)
})

t.test('only the owner may read the files', async t => {
  const dir = testFolder(t)
  await writeFile(join(dir, 'cuewire.db'), '', { mode: 0o644 })
  const store = await openSqliteStore({ file: join(dir, 'cuewire.db') })
  t.teardown(() => store.close())
  await store.for('acme').videos.insert(aVideo(), undefined)
  const names = await readdir(dir)
  t.ok(names.includes('cuewire.db') && names.includes('cuewire.db-wal'))
  for (const name of names) t.equal((await stat(join(dir, name))).mode & 0o777, 0o600, name)
})

t.test('a write waits for the lock of another process, and the event loop does not', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const store = await openSqliteStore({ file })
  t.teardown(() => store.close())
  const other = new Database(file)
  t.teardown(() => other.close())
  const [alone, together] = [aVideo(), aVideo()]
  other.exec('begin immediate')
  let isWritten = false
  const writing = Promise.all([
    store.for('acme').videos.insert(alone, undefined),
    store.for('acme').atomically(within => within.videos.insert(together, undefined)),
  ]).then(() => {
    isWritten = true
  })
  await sleep(20)
  t.equal(isWritten, false)
  other.exec('commit')
  await writing
  for (const video of [alone, together]) t.strictSame(await store.for('acme').videos.get(video.id), video)
})

t.test('beside query threads, a thread moves what was committed into the file of the database', async t => {
  const dir = testFolder(t)
  const file = join(dir, 'cuewire.db')
  const video = aVideo()
  const store = await openSqliteStore({ file, queryThreads: 1 })
  t.teardown(() => store.close())
  await store.for('acme').videos.insert(video, undefined)
  const alone = join(dir, 'without-log.db')
  while (!(await idsIn(file, alone)).includes(video.id)) await sleep(20)
  t.ok((await stat(`${file}-wal`)).size > 0, 'the log is there as before')
})

/** The videos in a copy of the database file without its log. */
async function idsIn(file: string, copy: string): Promise<unknown[]> {
  await copyFile(file, copy)
  const database = new Database(copy)
  try {
    const tables = database.prepare("select 1 from sqlite_master where name = 'videos'").all()
    return tables.length === 0 ? [] : database.prepare('select id from videos').pluck().all()
  } finally {
    database.close()
  }
}

t.test('a database newer than the program is refused and not touched', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  await (await openSqliteStore({ file })).close()
  const raw = new Database(file)
  raw.pragma('user_version = 99')
  raw.close()
  await t.rejects(openSqliteStore({ file }), { code: 'store.newer', message: /schema 99, this program knows \d+/ })
  const after = new Database(file)
  t.teardown(() => after.close())
  t.equal(after.pragma('user_version', { simple: true }), 99)
})

t.test('migrations are numbered without gaps', async t => {
  const versions = pendingMigrations(0, 'x').map(({ version }) => version)
  t.strictSame(
    versions,
    versions.map((_, at) => at + 1),
  )
  t.strictSame(pendingMigrations(versions.length, 'x'), [])
})

t.test('what is no database, and a folder that is not there, are refused with the reason', async t => {
  const dir = testFolder(t, { 'text.db': 'This is not a database, but it is long enough to look at.'.repeat(50) })
  await t.rejects(openSqliteStore({ file: join(dir, 'text.db') }), {
    code: 'store.unreadable',
    message: /not a database/,
  })
  await t.rejects(openSqliteStore({ file: join(dir, 'no', 'such.db') }), {
    code: 'store.unreadable',
    message: /ENOENT/,
  })
})

t.test('the leases of a dead process are free once somebody looks, those of a living one are not', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const server = await openSqliteStore({ file, clock: new FakeClock() })
  t.teardown(() => server.close())
  const video = aVideo()
  const store = server.for('acme')
  await store.videos.insert(video, undefined)
  const job = aJob(video.id)
  await store.jobs.insert(job)
  for (const owner of [`${process.ppid}.living`, `${2 ** 22 + 1}.dead`]) {
    await server.queue.claim({ ...CLAIM, owner })
    t.equal(await store.jobs.isHeld(job.id), owner.endsWith('living'))
    await server.queue.expireDead()
    const next = await server.queue.claim({ ...CLAIM, owner: 'next' })
    t.equal(next === undefined, owner.endsWith('living'))
    if (!next) await store.jobs.setState(job.id, 'queued', { at: job.createdAt })
  }
})

t.test('a lease from before the machine was started again is none', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const before = new FakeClock()
  const first = await openSqliteStore({ file, clock: before })
  const video = aVideo()
  await first.for('acme').videos.insert(video, undefined)
  await first.for('acme').jobs.insert(aJob(video.id))
  before.pass(3_600_000)
  await first.queue.claim({ ...CLAIM, owner: 'elsewhere' })
  await first.close()
  const next = await openSqliteStore({ file, clock: new FakeClock() })
  t.teardown(() => next.close())
  t.match(await next.queue.claim({ ...CLAIM, owner: 'living' }), { job: { state: 'running' } })
})

t.test('the full-text index agrees with the rows after replacing, completing and removing', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const server = await openSqliteStore({ file })
  t.teardown(() => server.close())
  const store = server.for('acme')
  const [kept, gone] = [aVideo(), aVideo()]
  for (const video of [kept, gone]) {
    await store.videos.insert(video, undefined)
    for (const jobId of [newId(), newId(), newId()]) {
      await store.content.begin(video.id, 'transcript', jobId)
      for (const text of ['Gulls cry.', 'Seals bark.'])
        await store.content.add(video.id, 'transcript', jobId, [aSegment(0, text)])
      await store.content.complete(video.id, 'transcript', jobId)
    }
    await store.content.begin(video.id, 'transcript', newId())
    await store.videos.update(video.id, { title: 'Quay' })
  }
  await store.videos.remove(gone.id)
  const raw = new Database(file)
  t.teardown(() => raw.close())
  t.doesNotThrow(() => raw.exec(`insert into texts_fts (texts_fts, rank) values ('integrity-check', 1)`))
  t.equal((await store.search.search({ terms: ['seal', 'gull', 'quay', 'harbour'], limit: 50 })).length, 2)
})

t.test('kill -9 loses nothing that was acknowledged', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const child = spawn(process.execPath, [CHILD, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const acknowledged: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line)
    if (acknowledged.length === 50) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  const store = await openSqliteStore({ file })
  t.teardown(() => store.close())
  t.ok(acknowledged.length >= 50)
  for (const id of acknowledged) t.equal((await store.for('acme').content.counts(id)).transcript, 20)
})
