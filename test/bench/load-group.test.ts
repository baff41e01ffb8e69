import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { CommandRing } from '@cuewire/bench/lib/command-ring.js'
import { type Dialect, echoDialect } from '@cuewire/bench/lib/dialect.js'
import { measureOneByOne, measurePaced } from '@cuewire/bench/lib/latency.js'
import { LoadGroup } from '@cuewire/bench/lib/load-group.js'
import { measureThroughput } from '@cuewire/bench/lib/throughput.js'
import t, { type Test } from 'tap'
import { type WebSocket, WebSocketServer } from 'ws'

/** A real server that answers each frame with what `answer` makes of it. */
async function startServer(
  t: Test,
  answer: (text: string, socket: WebSocket) => string | undefined,
  greeting?: string,
) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'cuewire.v1' })
  let received = 0
  server.on('connection', socket => {
    if (greeting !== undefined) socket.send(greeting)
    socket.on('message', message => {
      received++
      const reply = answer(String(message), socket)
      if (reply !== undefined) socket.send(reply)
    })
  })
  t.teardown(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, received: () => received }
}

const target = (port: number, dialect: Dialect = echoDialect) => ({ port, dialect, ring: new CommandRing(dialect) })
const signal = AbortSignal.timeout(60_000)
const load = { window: 8, warmupMs: 50, durationMs: 200, serverCpuMs: () => undefined }

t.test('every command sent is received by the server and answered before the group closes', async t => {
  const server = await startServer(t, text => text)
  const { sent, received, throughput } = await LoadGroup.with(
    { target: target(server.port), count: 3, signal },
    async group => {
      const throughput = await measureThroughput(group, load)
      await group.settled()
      return { sent: group.sent, received: group.received, throughput }
    },
  )
  t.equal(received, sent)
  t.equal(server.received(), sent)
  t.ok(throughput.commands > 0 && throughput.commands <= sent)
  t.notOk('serverCpuMicros' in throughput, 'an unknown CPU time stays unknown')
})

t.test('a reply to another command fails the measurement', async t => {
  const server = await startServer(t, text => text.replace(/\d+/, id => String(Number(id) + 1)))
  const run = LoadGroup.with({ target: target(server.port), count: 1, signal }, group => measureThroughput(group, load))
  await t.rejects(run, { message: /no reply to command 10000/ })
})

t.test('a connection that the server closes fails the measurement', async t => {
  const server = await startServer(t, (_, socket) => void socket.close(1011))
  const run = LoadGroup.with({ target: target(server.port), count: 2, signal }, group => measureOneByOne(group, load))
  await t.rejects(run, { message: /the server (closed|ended) the connection/ })
})

t.test('an abort ends the measurement with its reason', async t => {
  const server = await startServer(t, text => text)
  const stop = new AbortController()
  setTimeout(() => stop.abort(new Error('enough')), 100)
  const run = LoadGroup.with({ target: target(server.port), count: 1, signal: stop.signal }, group =>
    measurePaced(group, { perSecond: 100, warmupMs: 0, durationMs: 30_000 }),
  )
  await t.rejects(run, { message: 'enough' })
})

const greeted: Dialect = { ...echoDialect, subprotocol: 'cuewire.v1', opening: [{ expect: /^who/, answer: 'me' }] }

t.test('the opening is spoken before the first command', async t => {
  const heard: string[] = []
  const server = await startServer(
    t,
    text => {
      heard.push(text)
      return text === 'me' ? undefined : text
    },
    'who is there?',
  )
  const received = await LoadGroup.with({ target: target(server.port, greeted), count: 1, signal }, async group => {
    group.connections[0]?.send(2)
    await group.settled()
    return group.received
  })
  t.equal(received, 2, 'the greeting is no reply')
  t.same(heard, ['me', '{"type":"ping","id":10000}', '{"type":"ping","id":10001}'])
})

t.test('a server that opens otherwise is refused', async t => {
  const server = await startServer(t, text => text, 'good day')
  const run = LoadGroup.with({ target: target(server.port, greeted), count: 1, signal }, async () => 0)
  await t.rejects(run, { message: 'unexpected first frames: good day' })
})

t.test('paced round trips are one per command of the measured time', async t => {
  const server = await startServer(t, text => text)
  const samples = await LoadGroup.with({ target: target(server.port), count: 4, signal }, group =>
    measurePaced(group, { perSecond: 500, warmupMs: 100, durationMs: 400 }),
  )
  t.equal(samples.length, 200)
  t.ok(samples.every(micros => micros > 0))
})
