import { connect } from '@cuewire/client'
import t from 'tap'
import { onEachTransport } from '../support/on-each-transport.js'
import { RawSocket } from '../support/raw-socket.js'
import { type ServerProcess, spawnServer } from '../support/server-process.js'
import { testFolder } from '../support/test-folder.js'

const test = onEachTransport(t)

const COMMANDS = 60

test('at SIGTERM every command that came is answered once before the goodbye, and the exit is clean', async t => {
  const server = await spawnServer(t, testFolder(t))
  const socket = await RawSocket.open(t, server.port)
  for (let id = 0; id < COMMANDS; id++) socket.send({ type: 'chat.create', id, data: { title: `chat ${id}` } })
  await socket.next(({ type }) => type === 'reply')
  const exit = server.terminate()
  t.same(await socket.untilClosed(), { code: 4100, reason: 'the server is shutting down' })
  t.equal(await exit, 0)
  const answers = socket.frames.filter(({ id }) => id !== undefined)
  t.same(
    answers.map(({ id }) => Number(id)).sort((a, b) => a - b),
    [...Array(COMMANDS).keys()],
  )
  for (const { error } of answers) if (error) t.match(error, { code: 'server.draining', retryAfterMs: Number })
  t.match(socket.frames.at(-1), { type: 'goodbye', data: { code: 4100 } })
})

test('the commands of a client go on over a restart without an error, each carried out once', async t => {
  const dataDir = testFolder(t)
  const first = await spawnServer(t, dataDir)
  const client = await connect({ url: first.url, reconnect: { baseMs: 20, capMs: 100 } })
  t.teardown(() => client.close())
  let created = 0
  let restarted = false
  const work = async (worker: number) => {
    for (let i = 0; !restarted || i < 10; i++) {
      await client.chat.create({ title: `chat ${i} of worker ${worker}` })
      created++
    }
  }
  const working = Promise.all(Array.from({ length: 8 }, (_, worker) => work(worker)))
  await client.command('ping')
  t.equal(await first.terminate(), 0)
  await spawnServer(t, dataDir, { CUEWIRE_PORT: String(first.port) })
  await client.command('ping')
  restarted = true
  await working
  const titles: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await client.chat.list({ limit: 200, ...(cursor !== undefined && { cursor }) })
    titles.push(...page.chats.map(({ title }) => title))
    cursor = page.nextCursor
    if (cursor === undefined) break
  }
  t.equal(titles.length, created)
  t.equal(new Set(titles).size, created)
})

/** A server that waits for a client which takes none of its many answers. */
async function waitingServer(t: Parameters<typeof spawnServer>[0], drainMs: number): Promise<ServerProcess> {
  const server = await spawnServer(t, testFolder(t), { CUEWIRE_DRAIN_MS: String(drainMs) })
  const socket = await RawSocket.open(t, server.port)
  const watcher = await RawSocket.open(t, server.port)
  socket.socket.pause()
  let queued = 0
  for (let id = 0; queued < 100_000; id++) {
    for (let i = 0; i < 100; i++) socket.send({ type: 'server.info', id })
    const stats = await watcher.command('admin.stats', {}, id)
    queued = Number(stats.data?.['queuedBytes'])
  }
  return server
}

test('a client that does not read holds the exit up no longer than the drain may take', async t => {
  const server = await waitingServer(t, 300)
  t.equal(await server.terminate(), 0)
})

test('a second SIGTERM ends the server at once', async t => {
  const server = await waitingServer(t, 60_000)
  const first = server.terminate()
  await server.unready()
  t.equal((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status, 200, 'alive while it drains')
  process.kill(server.pid, 'SIGTERM')
  t.equal(await first, 130)
})

test('Ctrl-C that comes twice, from the terminal and from a parent, lets the server end in order', async t => {
  const server = await waitingServer(t, 300)
  process.kill(server.pid, 'SIGINT')
  t.equal(await server.terminate(), 0)
})
