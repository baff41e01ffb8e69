import t, { type Test } from 'tap'
import { createMemoryBus } from '../../support/memory-bus.js'
import { onEachTransport } from '../../support/on-each-transport.js'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'
import { SlowNetwork } from '../../support/slow-network.js'
import { sessionsOver } from '../../support/test-session.js'

const test = onEachTransport(t)

const PAGE = { limit: 200 }

/** A server whose `chat.list` is answered with some 100 KB. */
async function longLists(t: Test): Promise<number> {
  const { port } = await startServer(t)
  const writer = await RawSocket.open(t, port)
  for (let i = 0; i < PAGE.limit; i++) await writer.command('chat.create', { title: 'x'.repeat(200) }, i)
  const { data } = await writer.command('chat.list', PAGE)
  t.ok(JSON.stringify(data).length > 60_000)
  return port
}

test('a client that reads gets every answer of a burst, although they are more than may wait for it', async t => {
  const socket = await RawSocket.open(t, await longLists(t))
  for (let id = 0; id < 64; id++) socket.send({ type: 'chat.list', id, data: PAGE })
  for (let id = 0; id < 64; id++) t.match(await socket.next(), { type: 'reply', id })
  t.notOk(
    socket.frames.some(({ type }) => type === 'lagging'),
    'it does not lag',
  )
})

test('commands of a client that takes no answers wait, and are answered in order once it does', async t => {
  const port = await longLists(t)
  const [slow, watcher] = [await RawSocket.open(t, port), await RawSocket.open(t, port)]
  slow.socket.pause()
  const stalled = async () => {
    const { data } = await watcher.command('admin.sessions')
    return (data as { sessions: { inFlight: number; queuedBytes: number }[] }).sessions.find(
      ({ inFlight }) => inFlight > 0,
    )
  }
  let sent = 0
  let session: Awaited<ReturnType<typeof stalled>>
  while (!session) {
    for (let i = 0; i < 10; i++) slow.send({ type: 'chat.list', id: sent++, data: PAGE })
    session = await stalled()
  }
  t.ok(session.queuedBytes < 1024 * 1024, `${session.queuedBytes} bytes wait, ${session.inFlight} commands`)
  slow.socket.resume()
  for (let id = 0; id < sent; id++) t.match(await slow.next(({ type }) => type !== 'lagging'), { type: 'reply', id })
})

t.test('commands that waited are not carried out faster than their answers are taken', async t => {
  const bus = createMemoryBus({ kept: 1 })
  const { open } = sessionsOver(bus, { inFlight: 20, outbox: { socketBytes: 100, softBytes: 150, hardBytes: 500 } })
  const answered: number[] = []
  const network = new SlowNetwork(frame => {
    const { id } = frame as { readonly id?: number }
    if (id !== undefined) answered.push(id)
  })
  const session = open(network)
  session.drained()
  const count = 15
  for (let id = 0; id < count; id++) session.message(JSON.stringify({ type: 'ping', id }), 20)
  t.ok(session.describe().inFlight > 5, 'most of them wait')
  while (network.read(1)) session.drained()
  t.equal(network.endedWith, undefined)
  t.same(answered, [...Array(count).keys()])
})
