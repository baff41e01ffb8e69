import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { RawSocket } from '../support/raw-socket.js'
import { seedTenant } from '../support/seeded-tenant.js'
import { startServer } from '../support/server.js'

/** A server with one video, whose data are then damaged from outside; `takeLog` gives what was logged since. */
async function damagedServer(t: Test, damage: (folder: string, videoId: string) => Promise<unknown> | unknown) {
  const dataDir = t.testdir({})
  const { videoId } = await seedTenant(dataDir, 'default', { word: 'zeppelin', jobState: 'completed' })
  let log = ''
  const stream = new Writable({
    write(chunk, _, done) {
      log += String(chunk)
      done()
    },
  })
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir }, pino({ level: 'error' }, stream))
  await damage(join(dataDir, 'tenants', 'default'), videoId)
  const takeLog = () => {
    const taken = log
    log = ''
    return taken
  }
  return { port, dataDir, videoId, takeLog }
}

function dropTable(folder: string, table: string): void {
  const database = new Database(join(folder, 'cuewire.db'))
  database.exec(`drop table ${table}`)
  database.close()
}

t.test('a damaged database is server.internal to the client, and the cause is in the log alone', async t => {
  const { port, takeLog } = await damagedServer(t, folder => {
    dropTable(folder, 'chats')
    dropTable(folder, 'checkpoints')
    dropTable(folder, 'jobs')
  })
  const socket = await RawSocket.open(t, port)
  const expected = { code: 'server.internal', message: 'An unexpected fault; see the server log.', retryable: true }
  t.same((await socket.command('chat.list')).error, expected)
  const logged = takeLog()
  t.match(logged, /no such table: chats/)
  t.match(logged, /"command":"chat.list"/)
  t.match(logged, `"session":"${socket.frames[0]?.data?.['sessionId']}"`)
  t.match(await socket.command('video.list'), { type: 'reply' }, 'what is whole goes on')

  const readiness = await fetch(`http://127.0.0.1:${port}/readyz`)
  t.equal(readiness.status, 503)
  const text = await readiness.text()
  t.match(JSON.parse(text).parts, [{ name: 'accepting' }, { name: 'store', ok: false, code: 'server.internal' }])
  t.notMatch(text, 'no such table')
  t.match(takeLog(), /no such table: jobs.*"part":"store"/)
})

t.test('a full disk is server.disk_full to the client, to be tried again, and the cause is in the log', async t => {
  // SQLite says of a table whose row numbers are used up what it says of a disk: SQLITE_FULL.
  const { port, dataDir, takeLog } = await damagedServer(t, folder => {
    const database = new Database(join(folder, 'cuewire.db'))
    database.exec(`
      create table full (id integer primary key autoincrement);
      insert into full values (9223372036854775807);
      create trigger chats_full before insert on chats begin insert into full values (null); end;
      create trigger uploads_full before insert on uploads begin insert into full values (null); end;
    `)
    database.close()
  })
  const socket = await RawSocket.open(t, port)
  const { error } = await socket.command('chat.create')
  t.match(error, { code: 'server.disk_full', retryable: true })
  t.notMatch(JSON.stringify(error), /full\.|sql|chats/i, 'what is said is not of the inside')
  t.match(takeLog(), /database or disk is full.*insert into .*chats/)
  t.match(await socket.command('chat.list'), { type: 'reply' }, 'what needs no room goes on')

  const upload = await fetch(`http://127.0.0.1:${port}/v1/uploads`, {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0', 'upload-length': '5' },
  })
  t.equal(upload.status, 507)
  t.match(await upload.json(), { code: 'server.disk_full', retryable: true })
  t.match(takeLog(), /database or disk is full/)

  const database = new Database(join(dataDir, 'tenants', 'default', 'cuewire.db'))
  database.exec('drop trigger chats_full')
  database.close()
  t.match(await socket.command('chat.create'), { type: 'reply' }, 'it goes on once there is room')
})

t.test(
  'a stored file that is gone is server.internal over HTTP, without its path, and the cause is in the log',
  async t => {
    const { port, dataDir, videoId, takeLog } = await damagedServer(t, (folder, id) =>
      rm(join(folder, 'videos', id, 'original')),
    )
    for (const path of ['media', 'frames/0.jpg']) {
      const reply = await fetch(`http://127.0.0.1:${port}/v1/videos/${videoId}/${path}`)
      const text = await reply.text()
      t.equal(reply.status, 500)
      t.match(JSON.parse(text), { code: 'server.internal' })
      t.notMatch(text, dataDir)
      t.match(takeLog(), /ENOENT/)
    }
  },
)
