import { Lifetime } from '@cuewire/server/sessions/lifetime.js'
import t from 'tap'
import { FakeClock } from '../../support/fake-clock.js'
import { onEachTransport } from '../../support/on-each-transport.js'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'

const test = onEachTransport(t)

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

function lifetimeOf(clock: FakeClock, leftMs: number | undefined, firstFrameMs = 10 * HOUR_MS): Lifetime {
  return new Lifetime({ clock, expiresAtMs: leftMs && clock.now() + leftMs, firstFrameMs })
}

t.test('a connection whose first frame does not come in time is silent', async t => {
  const clock = new FakeClock()
  const lifetime = lifetimeOf(clock, undefined, 1000)
  const heard = lifetimeOf(clock, undefined, 1000)
  heard.hear()
  t.equal(lifetime.dueInMs(), 1000)
  t.equal(heard.dueInMs(), Number.POSITIVE_INFINITY)
  clock.pass(999)
  clock.jump(HOUR_MS)
  t.equal(lifetime.check(), undefined, 'a clock that is set changes nothing')
  clock.pass(1)
  clock.jump(-2 * HOUR_MS)
  t.equal(lifetime.check(), 'silent')
  t.equal(heard.check(), undefined)
})

t.test('the end of a token is announced once, a minute before it', async t => {
  const clock = new FakeClock()
  const lifetime = lifetimeOf(clock, 100_000)
  t.equal(lifetime.dueInMs(), 40_000)
  clock.pass(39_999)
  t.equal(lifetime.check(), undefined)
  clock.pass(1)
  t.equal(lifetime.check(), 'expiring')
  t.equal(lifetime.dueInMs(), 60_000)
  clock.pass(59_999)
  t.equal(lifetime.check(), undefined)
  clock.pass(1)
  t.equal(lifetime.check(), 'expired')
})

t.test('a token ends by the time of day, as its issuer wrote it', async t => {
  const clock = new FakeClock()
  const lifetime = lifetimeOf(clock, HOUR_MS)
  clock.jump(HOUR_MS - MINUTE_MS)
  t.equal(lifetime.check(), 'expiring')
  clock.jump(-HOUR_MS)
  t.equal(lifetime.check(), undefined)
  clock.jump(HOUR_MS + MINUTE_MS)
  t.equal(lifetime.check(), 'expired')
})

t.test('a new token is announced anew, the same one is not', async t => {
  const clock = new FakeClock()
  const end = clock.now() + 100_000
  const lifetime = lifetimeOf(clock, 100_000)
  clock.pass(50_000)
  t.equal(lifetime.check(), 'expiring')
  lifetime.renew(end)
  t.equal(lifetime.check(), undefined)
  lifetime.renew(end + 100_000)
  t.equal(lifetime.dueInMs(), 90_000)
  clock.pass(90_000)
  t.equal(lifetime.check(), 'expiring')
  lifetime.renew(undefined)
  clock.pass(10 * HOUR_MS)
  t.equal(lifetime.check(), 'silent')
})

test('a connection that says nothing is closed with 4102, one that has spoken is not', async t => {
  const { port } = await startServer(t, { CUEWIRE_FIRST_FRAME_MS: '1000' })
  const silent = await RawSocket.open(t, port)
  const speaking = await RawSocket.open(t, port)
  t.match(silent.frames[0], { data: { limits: { firstFrameMs: 1000 } } })
  t.match(await speaking.command('ping'), { type: 'reply' })
  t.equal((await silent.untilClosed()).code, 4102)
  t.match(silent.frames.at(-1), { type: 'goodbye', data: { code: 4102 } })
  t.match(await speaking.command('ping'), { type: 'reply' })
})
