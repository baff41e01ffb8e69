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
