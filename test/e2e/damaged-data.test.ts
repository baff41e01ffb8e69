import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { folderBlobs } from '@cuewire/server/storage/folder/blobs.js'
import { Database } from '@cuewire/server/storage/sqlite/driver.js'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { putUpload } from '../support/put-blobs.js'
import { RawSocket } from '../support/raw-socket.js'
import { type Seeded, seedTenant } from '../support/seeded-tenant.js'
import { startServer } from '../support/server.js'
import { testFolder } from '../support/test-folder.js'

const TUS = { 'tus-resumable': '1.0.0' }

/** A logger, and what it was told since it was last asked. */
function memoryLog() {
  let log = ''
  const stream = new Writable({
    write(chunk, _, done) {
      log += String(chunk)
      done()
    },
  })
  const takeLog = () => {
    const taken = log
    log = ''
    return taken
  }
  return { logger: pino({ level: 'error' }, stream), takeLog }
}

/** A server with one video, whose data are then damaged from outside. */
async function damagedServer(t: Test, damage: (dataDir: string, videoId: string) => Promise<unknown> | unknown) {
  const dataDir = testFolder(t)
  const { videoId } = await seedTenant(dataDir, 'default', { word: 'zeppelin', jobState: 'completed' })
  const { logger, takeLog } = memoryLog()
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir }, logger)
  await damage(dataDir, videoId)
  return { port, dataDir, videoId, takeLog }
}

function dropTable(dataDir: string, table: string): void {
  const database = new Database(join(dataDir, 'cuewire.db'))
  database.exec(`drop table ${table}`)
  database.close()
}

t.test('a damaged database is server.internal to the client, and the cause is in the log alone', async t => {
  const { port, takeLog } = await damagedServer(t, dataDir => {
    dropTable(dataDir, 'chats')
    dropTable(dataDir, 'checkpoints')
    dropTable(dataDir, 'jobs')
  })
  const socket = await RawSocket.open(t, port)
  const expected = { code: 'server.internal', message: 'An unexpected fault; see the server log.', retryable: true }
  t.same((await socket.command('chat.list')).error, expected)
  const logged = takeLog()
  t.match(logged, /no such table: chats/)
  t.match(logged, /"command":"chat.list"/)
  t.match(logged, `"origin":"session ${socket.frames[0]?.data?.['sessionId']}"`)
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
  const { port, dataDir, takeLog } = await damagedServer(t, dataDir => {
    const database = new Database(join(dataDir, 'cuewire.db'))
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
    headers: { ...TUS, 'upload-length': '5' },
  })
  t.equal(upload.status, 507)
  t.match(await upload.json(), { code: 'server.disk_full', retryable: true })
  t.match(takeLog(), /database or disk is full/)

  const database = new Database(join(dataDir, 'cuewire.db'))
  database.exec('drop trigger chats_full')
  database.close()
  t.match(await socket.command('chat.create'), { type: 'reply' }, 'it goes on once there is room')
})

t.test(
  'a stored file that is gone is record.damaged over HTTP, without its path, and the cause is in the log',
  async t => {
    const { port, dataDir, videoId, takeLog } = await damagedServer(t, (dataDir, id) =>
      rm(join(dataDir, 'tenants', 'default', 'videos', id, 'original')),
    )
    for (const [path, cause] of [
      ['media', /the file of the video \w+ is missing/],
      ['frames/0.jpg', /the file of the video \w+ is missing/],
    ] as const) {
      const reply = await fetch(`http://127.0.0.1:${port}/v1/videos/${videoId}/${path}`)
      const text = await reply.text()
      t.equal(reply.status, 500)
      t.match(JSON.parse(text), { code: 'record.damaged' })
      t.notMatch(text, dataDir)
      t.match(takeLog(), cause)
    }
  },
)

/** Everything a client may read of what it knows the ids of. */
async function readAll(socket: RawSocket, { videoId, jobId, chatId }: Seeded) {
  const read = async (type: string, data: object = {}) => {
    const { data: result, error } = await socket.command(type, data)
    return error?.code ?? result
  }
  return {
    'video.list': await read('video.list'),
    'video.get': await read('video.get', { videoId }),
    'processing.list': await read('processing.list'),
    'processing.get': await read('processing.get', { jobId }),
    'chat.list': await read('chat.list'),
    'chat.history': await read('chat.history', { chatId }),
    'transcript.get': await read('transcript.get', { videoId }),
    'search.query': await read('search.query', { query: 'zeppelin' }),
  }
}

function sqlOn(dataDir: string, statements: string): void {
  const database = new Database(join(dataDir, 'cuewire.db'))
  database.exec(statements)
  database.close()
}

t.test('a damaged record takes no list with it, is told of by its id, and can be deleted', async t => {
  const dataDir = testFolder(t)
  const broken = await seedTenant(dataDir, 'default', { word: 'zeppelin', jobState: 'completed' })
  const whole = await seedTenant(dataDir, 'default', { word: 'balloon', jobState: 'completed' })
  const { logger, takeLog } = memoryLog()
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir }, logger)
  const socket = await RawSocket.open(t, port)
  t.match((await socket.command('chat.ask', { chatId: broken.chatId, question: 'Where is it?' })).type, 'reply')
  sqlOn(
    dataDir,
    `update videos set media = '{' where id = '${broken.videoId}';
     update jobs set stages = '[{"name":"probe","state":"completed","elapsedMs":-2000}]' where id = '${broken.jobId}';
     update chats set video_ids = '[7]' where id = '${broken.chatId}';
     update messages set state = 'unheard of' where chat_id = '${broken.chatId}' and role = 'user';`,
  )
  const read = await readAll(socket, broken)
  t.match(read, {
    'video.list': { videos: [{ id: whole.videoId }] },
    'video.get': 'record.damaged',
    'processing.list': { jobs: [{ id: whole.jobId }] },
    'processing.get': 'record.damaged',
    'chat.list': { chats: [{ id: whole.chatId }] },
    'chat.history': { messages: [{ role: 'assistant' }] },
    'transcript.get': 'record.damaged',
    'search.query': { hits: [{ videoId: broken.videoId }] },
  })
  t.match(await socket.command('subscribe', { topic: `video/${broken.videoId}` }), { type: 'reply' })
  t.match(await socket.command('processing.cancel', { jobId: broken.jobId }), { error: { code: 'job.finished' } })
  const image = await fetch(`http://127.0.0.1:${port}/v1/videos/${broken.videoId}/media`)
  t.match(await image.json(), { status: 500, code: 'record.damaged', retryable: false })

  const log = takeLog()
  for (const id of [broken.videoId, broken.jobId, broken.chatId]) {
    t.equal(log.split('\n').filter(line => line.includes(`"id":"${id}"`) && line.includes('"level":50')).length, 1)
  }
  const { data } = await socket.command('admin.stats')
  t.match(data?.['damagedRecords'], { videos: 1, jobs: 1, chats: 1, messages: 1 })
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  t.match(metrics, 'cuewire_damaged_records_total{tenant="default",table="videos"} 1')

  t.match(await socket.command('video.delete', { videoId: broken.videoId }), { type: 'reply' })
  t.match(await socket.command('chat.delete', { chatId: broken.chatId }), { type: 'reply' })
  t.match(await readAll(socket, broken), {
    'video.get': 'video.not_found',
    'processing.get': 'job.not_found',
    'chat.history': 'chat.not_found',
    'search.query': { hits: [] },
  })
  t.same(await readdir(join(dataDir, 'tenants', 'default', 'videos')), [whole.videoId])
})

t.test('a start gets past damaged records, and a damaged job does not hold up the queue', async t => {
  const dataDir = testFolder(t)
  const seeded: Seeded[] = []
  for (const word of ['zeppelin', 'balloon', 'kite']) {
    seeded.push(await seedTenant(dataDir, 'default', { word, jobState: 'queued' }))
  }
  const [brokenJob, brokenVideo, whole] = seeded
  const uploads = ['01JD7Z0V3N8W6XQ2K4T5R9M1AB', '01JD7Z0V3N8W6XQ2K4T5R9M1AC']
  sqlOn(
    dataDir,
    `update jobs set stages = '[{"name":"probe","state":"pending","elapsedMs":-2000}]' where id = '${brokenJob?.jobId}';
     update videos set media = '{' where id = '${brokenVideo?.videoId}';
     ${uploads.map(id => `insert into uploads (tenant, video_id, filename, title, size_bytes, subtitles, created_at, expires_at) values ('default', '${id}', 'a.mp4', 'A', 5, '{', 'never', '2000');`).join('\n')}`,
  )
  await putUpload(folderBlobs(dataDir).for('default'), uploads[0] ?? '', 'bytes')
  const { logger, takeLog } = memoryLog()
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: dataDir }, logger)
  const socket = await RawSocket.open(t, port)
  const jobOf = async (jobId = '') => (await socket.command('processing.get', { jobId })).data?.['job']
  const ended = async (jobId?: string) => {
    for (;;) {
      const job = (await jobOf(jobId)) as { state: string; error?: { code: string } } | undefined
      if (job && job.state !== 'queued' && job.state !== 'running') return job
      await setTimeout(20)
    }
  }
  t.match(await ended(brokenJob?.jobId), { state: 'failed', stages: [], error: { code: 'record.damaged' } })
  t.match(await ended(brokenVideo?.jobId), { state: 'failed', error: { code: 'record.damaged' } })
  // Its file is no media. What counts is that it came to its turn.
  t.match(await ended(whole?.jobId), { state: 'failed', error: { message: /^probe: / } })
  const { data } = await socket.command('video.list')
  t.match(data, { videos: [{ id: whole?.videoId }, { id: brokenJob?.videoId, error: { code: 'record.damaged' } }] })
  t.match(takeLog(), `"id":"${brokenJob?.jobId}"`)
  for (const id of uploads) {
    const reply = await fetch(`http://127.0.0.1:${port}/v1/uploads/${id}`, { method: 'DELETE', headers: TUS })
    t.equal(reply.status, 204, 'an upload of which the record is damaged can be given up')
  }
  for (const { videoId } of seeded) t.match(await socket.command('video.delete', { videoId }), { type: 'reply' })
})
