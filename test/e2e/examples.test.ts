import { readFile } from 'node:fs/promises'
import { BUNDLE_ID, COMMANDS, type CommandName, SUBPROTOCOL } from '@cuewire/protocol'
import { Ajv2020 } from 'ajv/dist/2020.js'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { clipMaker } from '../support/clips.js'
import { startServer } from '../support/server.js'
import { SECRET, secondsFromNow, token } from '../support/tokens.js'

const SCOPES = { scope: 'read write chat admin' }
/** What the examples call things; a run replaces them by what the server really gave. */
const EXAMPLE = {
  video: COMMANDS['video.get'].example.params.videoId,
  job: COMMANDS['processing.get'].example.params.jobId,
  chat: COMMANDS['chat.history'].example.params.chatId,
  token: COMMANDS['auth.refresh'].example.params.token,
}

interface Reply {
  readonly type: string
  readonly id?: number
  readonly data?: Record<string, unknown>
  readonly error?: { readonly code: string; readonly message: string }
}

interface World {
  readonly url: string
  readonly token: string
  readonly clip: Uint8Array
  /** By the value in the examples: the real one. */
  readonly real: Map<string, string>
  send(type: string, data: object): Promise<Reply>
}

interface Step {
  readonly name: CommandName
  /** Brings about what the example supposes. */
  readonly before?: (world: World) => Promise<void>
  /** How often it may be tried: more than once where the server may be quicker than we are. */
  readonly attempts?: number
  /** Learns what the examples of later steps call otherwise. */
  readonly after?: (world: World, data: Record<string, unknown>) => void
}

const learnJob: Step['after'] = ({ real }, { job }) => void real.set(EXAMPLE.job, (job as { id: string }).id)

/** Every command, in an order in which each finds what it needs. */
const STEPS: readonly Step[] = [
  { name: 'ping' },
  { name: 'server.info' },
  { name: 'auth.refresh' },
  { name: 'admin.sessions' },
  { name: 'admin.stats' },
  { name: 'video.create' },
  { name: 'subscribe', before: uploadClip },
  { name: 'unsubscribe' },
  { name: 'video.list' },
  { name: 'video.get' },
  { name: 'video.update' },
  { name: 'transcript.put', before: untilIdle, after: learnJob },
  { name: 'processing.get' },
  { name: 'processing.list' },
  { name: 'transcript.get', before: untilIdle },
  { name: 'speakers.rename' },
  { name: 'shots.get' },
  { name: 'detections.get' },
  { name: 'objects.get' },
  { name: 'tracks.get' },
  { name: 'scenes.get' },
  { name: 'text.get' },
  { name: 'audio.get' },
  { name: 'loudness.get' },
  { name: 'sounds.get' },
  { name: 'chapters.get' },
  { name: 'keywords.get' },
  { name: 'outline.get' },
  { name: 'summary.get' },
  { name: 'timeline.get' },
  { name: 'search.query' },
  { name: 'processing.start', after: learnJob },
  { name: 'processing.cancel' },
  { name: 'processing.retry' },
  {
    name: 'chat.create',
    before: untilIdle,
    after: ({ real }, { chat }) => void real.set(EXAMPLE.chat, (chat as { id: string }).id),
  },
  { name: 'chat.list' },
  { name: 'chat.ask' },
  { name: 'chat.history', before: untilAnswered },
  { name: 'chat.cancel', before: askWithoutWaiting, attempts: 20 },
  { name: 'chat.delete' },
  { name: 'video.delete' },
]

/** Longer than the time of the subtitles in the example. */
const clip = clipMaker(t)
  .then(({ make }) =>
    make('harbour.mp4', [
      ...['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10:duration=40', '-c:v', 'libx264'],
      ...['-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
    ]),
  )
  .then(file => readFile(file))

t.test('the documented example of every command works on a real server', async t => {
  const untried = Object.keys(COMMANDS).filter(name => !STEPS.some(step => step.name === name))
  t.same(untried, [], 'a new command needs a step here')
  const world = await createWorld(t)
  const replyFaults = await servedSchema(world)
  for (const step of STEPS) {
    const { name, after } = step
    const reply = await run(step, world)
    t.equal(reply.type, 'reply', `${name}: ${JSON.stringify(reply.error)}`)
    t.same(replyFaults(name, reply), [], `the reply to ${name} fits the served schema`)
    if (reply.data) after?.(world, reply.data)
  }
})

t.test('what was found with the examples is not empty, so that the schemas had something to judge', async t => {
  const world = await createWorld(t)
  await uploadClip(world)
  await untilIdle(world)
  await world.send('transcript.put', realise(COMMANDS['transcript.put'].example.params, world))
  await untilIdle(world)
  const video = { videoId: world.real.get(EXAMPLE.video) }
  const found = async (type: string, key: string) => {
    const { data } = await world.send(type, video)
    t.not((data?.[key] as unknown[] | undefined)?.length ?? 0, 0, type)
  }
  await found('transcript.get', 'segments')
  await found('shots.get', 'shots')
  await found('timeline.get', 'lanes')
  const { data } = await world.send('search.query', realise(COMMANDS['search.query'].example.params, world))
  t.not((data?.['hits'] as unknown[] | undefined)?.length ?? 0, 0, 'search.query')
})

/** Sends a command with the params of its example. */
async function run({ name, before, attempts = 1 }: Step, world: World): Promise<Reply> {
  await before?.(world)
  const reply = await world.send(name, realise(COMMANDS[name].example.params, world))
  if (reply.type === 'reply' || attempts === 1) return reply
  return run({ name, attempts: attempts - 1, ...(before && { before }) }, world)
}

async function createWorld(t: Test): Promise<World> {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET, CUEWIRE_MODELS_DIR: `${t.testdirName}/models` })
  const mine = token(SCOPES)
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/socket`, [SUBPROTOCOL, `bearer.${mine}`])
  t.teardown(() => socket.terminate())
  const waiting = new Map<number, (reply: Reply) => void>()
  socket.on('message', data => {
    const frame = JSON.parse(String(data)) as Reply
    if (frame.id !== undefined) waiting.get(frame.id)?.(frame)
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  let lastId = 0
  return {
    url: `http://127.0.0.1:${port}`,
    token: mine,
    clip: await clip,
    real: new Map([[EXAMPLE.token, token({ ...SCOPES, exp: secondsFromNow(7200) })]]),
    send: (type, data) =>
      new Promise(resolve => {
        const id = ++lastId
        waiting.set(id, resolve)
        socket.send(JSON.stringify({ type, id, data }))
      }),
  }
}

/** Judges replies by the bundle the server itself gives out. */
async function servedSchema({ url }: World) {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true })
  ajv.addSchema((await (await fetch(`${url}/schema.json`)).json()) as object)
  return (name: CommandName, reply: Reply) => {
    const check = ajv.getSchema(`${BUNDLE_ID}#/$defs/${name}.reply`)
    if (!check) throw new Error(`no schema of the reply to ${name}`)
    return check(reply) ? [] : check.errors
  }
}

function realise(params: object, { real }: World): object {
  let text = JSON.stringify(params)
  for (const [example, value] of real) text = text.replaceAll(example, value)
  return JSON.parse(text) as object
}

async function uploadClip(world: World): Promise<void> {
  const { url, token, clip, real, send } = world
  const { data } = await send('video.create', { filename: 'harbour.mp4', sizeBytes: clip.byteLength })
  const upload = data?.['upload'] as { videoId: string; url: string }
  real.set(EXAMPLE.video, upload.videoId)
  const response = await fetch(url + upload.url, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${token}`,
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
    },
    body: clip,
  })
  if (response.status !== 204) throw new Error(`the upload was refused: ${await response.text()}`)
}

async function poll(what: string, done: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`${what} took too long`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

function untilIdle({ real, send }: World): Promise<void> {
  return poll('the job', async () => {
    const { data } = await send('video.get', { videoId: real.get(EXAMPLE.video) })
    const video = data?.['video'] as { state: string }
    return video.state !== 'queued' && video.state !== 'processing'
  })
}

function untilAnswered({ real, send }: World): Promise<void> {
  return poll('the answer', async () => {
    const { data } = await send('chat.history', { chatId: real.get(EXAMPLE.chat) })
    const messages = data?.['messages'] as { state: string }[]
    return messages.every(({ state }) => state !== 'answering')
  })
}

/** Commands about one chat are carried out in order, so a `chat.cancel` sent next finds the answer under way. */
async function askWithoutWaiting(world: World): Promise<void> {
  await untilAnswered(world)
  void world.send('chat.ask', realise(COMMANDS['chat.ask'].example.params, world))
}
