import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { Database } from '@cuewire/server/storage/sqlite/driver.js'
import { pino } from 'pino'
import t from 'tap'
import { clipMaker } from '../support/clips.js'
import { RawSocket } from '../support/raw-socket.js'
import { startServer } from '../support/server.js'

const trace = (digit: string) => `00-${digit.repeat(32)}-00f067aa0ba902b7-01`

interface Line {
  readonly msg: string
  readonly traceparent?: string
  readonly jobId?: string
  readonly command?: string
}

t.test('the trace of a command is in the log, and in the job it brings about', async t => {
  const lines: Line[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      for (const line of String(chunk).trim().split('\n')) lines.push(JSON.parse(line) as Line)
      done()
    },
  })
  const clips = await clipMaker(t)
  const dataDir = clips.path('data')
  const environment = { CUEWIRE_DATA_DIR: dataDir, CUEWIRE_MODELS_DIR: clips.path('models') }
  const { port } = await startServer(t, environment, pino({ level: 'info' }, stream))
  const socket = await RawSocket.open(t, port)
  const send = async (type: string, data: object, traceparent: string) => {
    socket.send({ type, id: traceparent, data, traceparent })
    return socket.next(({ id }) => id === traceparent)
  }
  const jobOf = async (videoId: string) => {
    for (;;) {
      const { data } = await socket.command('processing.list', { videoId })
      const [job] = (data?.['jobs'] ?? []) as { id: string; state: string; traceparent?: string }[]
      if (job && job.state !== 'queued' && job.state !== 'running') return job
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  const tracesOf = (jobId: string) => new Set(lines.filter(line => line.jobId === jobId).map(line => line.traceparent))

  const bytes = await readFile(await clips.plain())
  const { data } = await send('video.create', { filename: 'plain.mp4', sizeBytes: bytes.byteLength }, trace('a'))
  const { videoId = '', url = '' } = (data?.['upload'] ?? {}) as { videoId?: string; url?: string }
  const headers = { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
  await fetch(`http://127.0.0.1:${port}${url}`, { method: 'PATCH', headers, body: bytes })
  const first = await jobOf(videoId)
  t.match(first, { state: 'completed', traceparent: trace('a') })
  t.same(tracesOf(first.id), new Set([trace('a')]))
  t.ok(lines.filter(({ jobId }) => jobId === first.id).length >= 5, 'it is logged at `info`')

  await send('processing.start', { videoId, stages: ['shots'] }, trace('b'))
  const second = await jobOf(videoId)
  t.equal(second.traceparent, trace('b'))
  t.same(tracesOf(second.id), new Set([trace('b')]))
  await socket.command('processing.start', { videoId, stages: ['chapters'] })
  t.notOk('traceparent' in (await jobOf(videoId)), 'nobody gave one')

  const database = new Database(join(dataDir, 'cuewire.db'))
  database.exec('drop table chats')
  database.close()
  t.match(await send('chat.list', {}, trace('c')), { error: { code: 'server.internal' } })
  t.match(
    lines.find(({ msg }) => msg === 'command failed'),
    { command: 'chat.list', traceparent: trace('c') },
  )
})
