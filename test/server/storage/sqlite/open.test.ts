import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { pendingMigrations } from '@cuewire/server/storage/migrate.js'
import { first } from '@cuewire/server/storage/migrations/0001-first.js'
import { Database } from '@cuewire/server/storage/sqlite/driver.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import t from 'tap'
import { aJob, aSegment, aVideo, newId } from '../../../support/entities.js'
import { FakeClock } from '../../../support/fake-clock.js'
import { testFolder } from '../../../support/test-folder.js'

const CLAIM = { leaseMs: 60_000, maxAttempts: 10, except: [] }
const CHILD = fileURLToPath(new URL('../../../support/write-until-killed.js', import.meta.url))

t.test('what was stored is there after the store is opened again', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const video = aVideo()
  const first = await openSqliteStore({ file })
  await first.videos.insert(video, undefined)
  await first.close()
  const second = await openSqliteStore({ file })
  t.teardown(() => second.close())
  t.strictSame(await second.videos.get(video.id), video)
})

t.test('only the owner may read the files', async t => {
  const dir = testFolder(t)
  await writeFile(join(dir, 'cuewire.db'), '', { mode: 0o644 })
  const store = await openSqliteStore({ file: join(dir, 'cuewire.db') })
  t.teardown(() => store.close())
  await store.videos.insert(aVideo(), undefined)
  const names = await readdir(dir)
  t.ok(names.includes('cuewire.db') && names.includes('cuewire.db-wal'))
  for (const name of names) t.equal((await stat(join(dir, name))).mode & 0o777, 0o600, name)
})

t.test('a second server on the same folder is refused, and let in when the first is gone', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const first = await openSqliteStore({ file })
  await t.rejects(openSqliteStore({ file }), {
    code: 'store.in_use',
    message: /Another Cuewire server is using .*cuewire\.db/,
  })
  await first.close()
  await (await openSqliteStore({ file })).close()
})

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

t.test('a database of the first version is upgraded and keeps what it holds', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const raw = new Database(file)
  raw.exec(first.sqlite)
  raw.pragma(`user_version = ${first.version}`)
  const at = '2026-11-23T09:00:00.000Z'
  const chat = { id: newId(), title: 'Boats', videoIds: [], createdAt: at, updatedAt: at }
  raw.prepare('insert into chats values (?, ?, ?, ?, ?)').run(chat.id, chat.title, '[]', at, at)
  raw.close()
  const store = await openSqliteStore({ file })
  t.teardown(() => store.close())
  t.strictSame(await store.chats.get(chat.id), chat)
  const row = { subject: 'ada', key: 'k', fingerprint: 'hash', outcome: { result: { chat } }, createdAtMs: 1 }
  await store.outcomes.put(row, { count: 1, bytes: 1 })
  t.strictSame(await store.outcomes.get('ada', 'k'), row)
})

t.test('an upgrade mends times that a clock set back has made negative', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const raw = new Database(file)
  raw.pragma('foreign_keys = off')
  for (const { version, sqlite } of pendingMigrations(0, file).slice(0, 3)) {
    raw.exec(sqlite)
    raw.pragma(`user_version = ${version}`)
  }
  const stages = [
    { name: 'probe', state: 'completed', elapsedMs: 61, counts: { frames: 3 } },
    { name: 'shots', state: 'running', elapsedMs: -2000 },
    { name: 'objects', state: 'pending' },
  ]
  const add = raw.prepare(`insert into jobs (id, video_id, state, attempt, progress, stages, created_at)
    values (?, ?, 'failed', 1, 0, ?, '2026-11-23T09:00:00.000Z')`)
  const [damaged, sound] = [newId(), newId()]
  add.run(damaged, newId(), JSON.stringify(stages))
  add.run(sound, newId(), JSON.stringify(stages.slice(0, 1)))
  raw.close()
  const store = await openSqliteStore({ file })
  t.teardown(() => store.close())
  t.strictSame((await store.jobs.get(damaged))?.stages, [stages[0], { ...stages[1], elapsedMs: 0 }, stages[2]])
  t.strictSame((await store.jobs.get(sound))?.stages, stages.slice(0, 1))
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

t.test('the leases of a dead server are free at the next start', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const before = new FakeClock()
  const first = await openSqliteStore({ file, clock: before })
  const video = aVideo()
  await first.videos.insert(video, undefined)
  await first.jobs.insert(aJob(video.id))
  before.pass(3_600_000)
  await first.jobs.claim({ ...CLAIM, owner: 'dead' })
  await first.close()
  for (const setBackMs of [-7_200_000, 0, 7_200_000]) {
    const clock = new FakeClock(before.now() + setBackMs)
    const next = await openSqliteStore({ file, clock })
    t.match(
      await next.jobs.claim({ ...CLAIM, owner: 'living' }),
      { job: { state: 'running' } },
      `${setBackMs} ms later`,
    )
    await next.close()
  }
})

t.test('the full-text index agrees with the rows after replacing, completing and removing', async t => {
  const file = join(testFolder(t), 'cuewire.db')
  const store = await openSqliteStore({ file })
  t.teardown(() => store.close())
  const [kept, gone] = [aVideo(), aVideo()]
  for (const video of [kept, gone]) {
    await store.videos.insert(video, undefined)
    for (const jobId of [newId(), newId(), newId()]) {
      await store.content.begin(video.id, 'transcript', jobId)
      for (const text of ['Gulls cry.', 'Seals bark.'])
        await store.content.addSegments(video.id, jobId, [aSegment(0, text)])
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
  for (const id of acknowledged) t.equal((await store.content.counts(id)).transcript, 20)
})
