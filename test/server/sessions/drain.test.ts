import { setImmediate as tick } from 'node:timers/promises'
import type { SessionLimits } from '@cuewire/server/sessions/session-dependencies.js'
import t from 'tap'
import { createMemoryBus } from '../../support/memory-bus.js'
import { onEachTransport } from '../../support/on-each-transport.js'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'
import { SlowNetwork } from '../../support/slow-network.js'
import { sessionsOver } from '../../support/test-session.js'

const test = onEachTransport(t)

interface Frame {
  readonly type: string
  readonly id?: number
  readonly data?: { readonly code?: number; readonly reconnectAfterMs?: number }
  readonly error?: { readonly code: string; readonly retryable: boolean; readonly retryAfterMs?: number }
}

const NEVER = new AbortController().signal

/** A session whose `subscribe` is under way until `finish` is called. */
function setUp(limits: Partial<SessionLimits> = {}) {
  let finish: (exists: boolean) => void = () => undefined
  const existence = new Promise<boolean>(resolve => {
    finish = resolve
  })
  const bus = createMemoryBus({ kept: 10 })
  const { registry, open, counters } = sessionsOver(bus, limits, () => existence)
  const frames: Frame[] = []
  const network = new SlowNetwork(frame => void frames.push(frame as Frame))
  const session = open(network)
  const send = (frame: object) => session.message(JSON.stringify(frame), 100)
  return { finish, registry, frames, network, session, send, counters, open }
}

t.test('a drain waits for the commands under way and refuses new ones', async t => {
  const { finish, registry, frames, network, session, send, counters } = setUp()
  send({ type: 'subscribe', id: 1, data: { topic: 'library' } })
  const drained = registry.drain({ spreadMs: 0, signal: NEVER })
  send({ type: 'ping', id: 2 })
  await tick()
  network.read(10)
  session.drained()
  t.match(frames, [
    { type: 'hello' },
    { type: 'goodbye', data: { code: 4100, reconnectAfterMs: 500 } },
    { type: 'error', id: 2, error: { code: 'server.draining', retryable: true, retryAfterMs: 500 } },
  ])
  t.equal(network.endedWith, undefined)
  finish(true)
  await tick()
  t.equal(network.endedWith, undefined, 'the reply is not out yet')
  network.read(10)
  session.drained()
  await drained
  network.read(10)
  t.match(frames.slice(3), [{ type: 'reply', id: 1 }])
  t.equal(network.endedWith, 4100)
  t.equal(counters.closed.draining, 1)
  t.equal([...registry.all()].length, 0)
})

t.test('a drain waits until what was answered has been sent', async t => {
  const { registry, frames, network, session, send, finish } = setUp()
  finish(true)
  const count = 25
  for (let id = 0; id < count; id++) send({ type: 'ping', id })
  const drained = registry.drain({ spreadMs: 0, signal: NEVER })
  await tick()
  t.equal(network.endedWith, undefined, 'the socket is busy')
  while (network.read(3)) session.drained()
  await drained
  t.same(
    frames.map(({ type, id }) => id ?? type),
    ['hello', ...Array(count).keys(), 'goodbye'],
  )
})

t.test('a command that crosses the goodbye on its way is refused, not lost', async t => {
  const { registry, frames, network, session, send } = setUp({ lingerMs: 500 })
  const drained = registry.drain({ spreadMs: 0, signal: NEVER })
  await tick()
  network.read(10)
  session.drained()
  t.match(frames.at(-1), { type: 'goodbye' })
  t.equal(network.endedWith, undefined, 'although nothing is under way')
  send({ type: 'ping', id: 1 })
  await tick()
  network.read(10)
  session.drained()
  t.match(frames.at(-1), { id: 1, error: { code: 'server.draining' } })
  await drained
  t.equal(network.endedWith, 4100)
})

t.test('at its deadline a drain cuts short what is left', async t => {
  const { registry, network, send } = setUp()
  send({ type: 'subscribe', id: 1, data: { topic: 'library' } })
  const deadline = new AbortController()
  const drained = registry.drain({ spreadMs: 0, signal: deadline.signal })
  await tick()
  t.equal(network.endedWith, undefined)
  deadline.abort()
  await drained
  t.equal(network.endedWith, 4100)
})

t.test('a drain ends at once when the last client goes by itself, and one that comes late leaves again', async t => {
  const { registry, session, send, open } = setUp()
  send({ type: 'subscribe', id: 1, data: { topic: 'library' } })
  const drained = registry.drain({ spreadMs: 0, signal: NEVER })
  session.ended()
  await drained
  const late = new SlowNetwork(() => undefined)
  const lateSession = open(late)
  while (late.endedWith === undefined) {
    late.read(10)
    lateSession.drained()
    await tick()
  }
  t.equal(late.endedWith, 4100)
})

test('draining says goodbye to many in turn, each with a time of its own to come back', async t => {
  const app = await startServer(t, { CUEWIRE_DRAIN_MS: '2000' })
  const sockets = await Promise.all(Array.from({ length: 450 }, () => RawSocket.open(t, app.port)))
  const closing = app.close()
  const codes = await Promise.all(sockets.map(socket => socket.untilClosed()))
  t.ok(codes.every(({ code }) => code === 4100))
  const waits = sockets.map(({ frames }) => frames.at(-1)?.data?.['reconnectAfterMs'] as number)
  t.ok(waits.every(ms => ms >= 500 && ms <= 2500))
  t.ok(new Set(waits).size > 100, 'they do not all come back at once')
  await closing
})
