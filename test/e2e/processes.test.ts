import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, connect } from '@cuewire/client'
import type { Job } from '@cuewire/protocol'
import { findBinaries } from '@cuewire/server/media/ffmpeg/binaries.js'
import t, { type Test } from 'tap'
import { clipMaker } from '../support/clips.js'
import { descendantsOf, isAlive, standingOf, workerOf } from '../support/processes.js'
import { RawSocket } from '../support/raw-socket.js'
import { scripts } from '../support/scripts.js'
import { type ServerProcess, spawnServer, spawnWorker } from '../support/server-process.js'
import { testFolder } from '../support/test-folder.js'

const MARK = 'DEADLY-TO-THE-WORKER'

/** Pictures that take a job some seconds: ffmpeg for their shots, and models for text that always moves. */
async function slowClip(): Promise<Buffer> {
  const { make } = await clipMaker(t)
  const scenes = ['-f', 'lavfi', '-i', "testsrc2=size=640x360:rate=25:duration=16,hue='h=90*floor(t/2)'"]
  return await readFile(await make('slow.mp4', [...scenes, '-c:v', 'libx264', '-preset', 'ultrafast']))
}

const clip = await slowClip()
/** For jobs that need not last long. */
const WITHOUT_MODELS = { CUEWIRE_MODELS_DIR: join(tmpdir(), 'cuewire-without-models') }

interface Seen {
  readonly seqs: number[]
  readonly gaps: number
  readonly last: string
}

/** The reliable events of a topic, from its beginning to the end of the job. */
async function follow(client: Client, topic: `job/${string}` | `video/${string}`): Promise<Seen> {
  const seqs: number[] = []
  let gaps = 0
  for await (const event of client.subscribe(topic, { since: 0 })) {
    if (event.type === 'gap') gaps++
    else if (event.seq !== undefined) seqs.push(event.seq)
    if (/^processing\.(completed|failed|cancelled)$/.test(event.type)) return { seqs, gaps, last: event.type }
  }
  throw new Error('the events ended before the job')
}

function isWhole(t: Test, { seqs, gaps }: Seen, what: string): void {
  t.same(
    [gaps, seqs],
    [0, Array.from({ length: seqs.length }, (_, at) => at + 1)],
    `${what}: every event once, in order`,
  )
}

const connecting = (url: string) => connect({ url, reconnect: { baseMs: 50, capMs: 500 } })

async function upload(client: Client, bytes: Uint8Array, title: string): Promise<{ id: string; jobId: string }> {
  const { id, jobId = '' } = await client.upload(bytes, { filename: 'clip.mp4', title })
  return { id, jobId }
}

t.test('a worker leads a session of its own, at a lower priority than the gateway', async t => {
  const server = await spawnServer(t, testFolder(t), WITHOUT_MODELS)
  const worker = await workerOf(server.pid)
  // It yields once it has loaded its program.
  while ((await standingOf(worker)).priority !== 10) await sleep(20)
  t.equal((await standingOf(worker)).session, worker)
  t.equal((await standingOf(server.pid)).priority, 0)
})

t.test('a worker that is killed again and again costs a client nothing', async t => {
  const server = await spawnServer(t, testFolder(t), { CUEWIRE_LOG_LEVEL: 'fatal' })
  const client = await connecting(server.url)
  t.teardown(() => client.close())
  const undisturbed = await upload(client, clip, 'calm')
  t.equal((await follow(client, `job/${undisturbed.jobId}`)).last, 'processing.completed')

  const { id } = await upload(client, clip, 'stormy')
  const seen = follow(client, `video/${id}`)
  let worker: number | undefined
  for (const waitMs of [0, 100, 600, 0]) {
    // The one that was just killed may still be listed.
    worker = await workerOf(server.pid, worker)
    await sleep(waitMs)
    process.kill(worker, 'SIGKILL')
  }
  const events = await seen
  t.equal(events.last, 'processing.completed')
  isWhole(t, events, 'of the video')
  const shots = async (videoId: string) => (await client.shots.get({ videoId, limit: 200 })).shots
  t.same(await shots(id), await shots(undisturbed.id), 'the same content as without kills')
})

t.test('a file that kills its worker ends as job.crashed; the job of another tenant completes meanwhile', async t => {
  const { ffmpeg, ffprobe } = await findBinaries()
  // Who decodes the file dies: the parent of this script. To look at what it is does no harm.
  const folder = await scripts(t, {
    ffmpeg: `for input in "$@"; do file=\${input#file:}; [ -f "$file" ] && grep -q ${MARK} "$file" && kill -ABRT $PPID; done\nexec ${ffmpeg} "$@"`,
    ffprobe: `exec ${ffprobe} "$@"`,
  })
  const server = await spawnServer(t, testFolder(t), {
    FFMPEG_PATH: `${folder}/ffmpeg`,
    FFPROBE_PATH: `${folder}/ffprobe`,
    CUEWIRE_CONCURRENCY: '2',
    CUEWIRE_LOG_LEVEL: 'fatal',
    ...WITHOUT_MODELS,
  })
  const client = await connecting(server.url)
  t.teardown(() => client.close())
  const deadly = await upload(client, Buffer.concat([clip, Buffer.from(MARK)]), 'deadly')
  const innocent = await upload(client, clip, 'innocent')
  const ends = Promise.all([follow(client, `job/${deadly.jobId}`), follow(client, `job/${innocent.jobId}`)])
  let answered = 0
  const pinging = setInterval(() => void client.server.info().then(() => answered++), 50)
  const [died, lived] = await ends
  clearInterval(pinging)
  t.ok(answered > 10, 'the gateway answers all the while')
  isWhole(t, died, 'of the deadly job')
  isWhole(t, lived, 'of the innocent job')
  t.same([died.last, lived.last], ['processing.failed', 'processing.completed'])
  const job: Job = (await client.processing.get({ jobId: deadly.jobId })).job
  t.match(job, { attempt: 3, error: { code: 'job.crashed', message: /crashed again and again/ } })
})

t.test('a gateway that is killed is resumed on the next one without a gap', async t => {
  const dataDir = testFolder(t)
  // Below the ports that connections take: with nobody listening, one of them could have it.
  const port = 20_000 + Math.floor(Math.random() * 10_000)
  const environment = { CUEWIRE_LOG_LEVEL: 'fatal', CUEWIRE_PORT: String(port) }
  let server: ServerProcess = await spawnServer(t, dataDir, environment)
  const client = await connecting(server.url)
  t.teardown(() => client.close())
  const { id } = await upload(client, clip, 'stormy')
  const seen = follow(client, `video/${id}`)
  for (const waitMs of [300, 900]) {
    await sleep(waitMs)
    const started = await descendantsOf(server.pid)
    await server.kill()
    server = await spawnServer(t, dataDir, environment)
    t.not(started.length, 0)
    // A worker, its ffmpeg, and the process that has read the upload.
    while (started.some(isAlive)) await sleep(20)
  }
  const events = await seen
  t.equal(events.last, 'processing.completed')
  isWhole(t, events, 'of the video')
})

t.test('two gateways and a worker of their own show the same stream; a client resumes on the other', async t => {
  const dataDir = testFolder(t)
  const environment = { CUEWIRE_LOG_LEVEL: 'fatal', CUEWIRE_ROLE: 'gateway', ...WITHOUT_MODELS }
  const [one, other] = [await spawnServer(t, dataDir, environment), await spawnServer(t, dataDir, environment)]
  spawnWorker(t, dataDir, environment)
  const [here, there] = [await connecting(one.url), await connecting(other.url)]
  t.teardown(() => Promise.all([here.close(), there.close()]))
  const { id, jobId } = await upload(here, clip, 'seen from both')
  let passing = 0
  const progress = (async () => {
    for await (const { type } of there.subscribe(`job/${jobId}`)) {
      if (type === 'processing.progress') passing++
      if (type === 'processing.completed') return
    }
  })()
  const [a, b] = await Promise.all([follow(here, `video/${id}`), follow(there, `video/${id}`)])
  await progress
  isWhole(t, a, 'of the first gateway')
  t.same(b, a)
  t.ok(passing > 0, 'what is not in the log is heard on the other gateway too')

  const topic = `video/${id}`
  const [first, second] = [await RawSocket.open(t, one.port), await RawSocket.open(t, other.port)]
  const { data: at } = await first.command('subscribe', { topic })
  const [seq, epoch] = [Number(at?.['seq']), at?.['epoch']]
  const { data: resumed } = await second.command('subscribe', { topic, since: seq - 2, epoch })
  t.match(resumed, { epoch, seq, recovery: 'replayed', replayed: 2 })
})
