import { Lifetime } from '@cuewire/server/sessions/lifetime.js'
import t from 'tap'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'

t.test('a connection whose first frame does not come in time is silent', async t => {
  const lifetime = new Lifetime(undefined, 1000)
  t.equal(lifetime.check(999), undefined)
  t.equal(lifetime.check(1000), 'silent')
  const heard = new Lifetime(undefined, 1000)
  heard.hear()
  t.equal(heard.check(1_000_000_000), undefined)
})

t.test('the end of a token is announced once, a minute before it', async t => {
  const lifetime = new Lifetime(100_000, 1_000_000)
  t.equal(lifetime.check(39_999), undefined)
  t.equal(lifetime.check(40_000), 'expiring')
  t.equal(lifetime.check(41_000), undefined)
  t.equal(lifetime.check(99_999), undefined)
  t.equal(lifetime.check(100_000), 'expired')
})

t.test('a new token is announced anew, the same one is not', async t => {
  const lifetime = new Lifetime(100_000, 1_000_000)
  t.equal(lifetime.check(50_000), 'expiring')
  lifetime.renew(100_000)
  t.equal(lifetime.check(51_000), undefined)
  lifetime.renew(200_000)
  t.equal(lifetime.check(100_000), undefined)
  t.equal(lifetime.check(140_000), 'expiring')
  lifetime.renew(undefined)
  t.equal(lifetime.check(1_000_000_000), 'silent')
})

t.test('a connection that says nothing is closed with 4102, one that has spoken is not', async t => {
  const { port } = await startServer(t, { CUEWIRE_FIRST_FRAME_MS: '1000' })
  const silent = await RawSocket.open(t, port)
  const speaking = await RawSocket.open(t, port)
  t.match(silent.frames[0], { data: { limits: { firstFrameMs: 1000 } } })
  t.match(await speaking.command('ping'), { type: 'reply' })
  t.equal((await silent.untilClosed()).code, 4102)
  t.match(silent.frames.at(-1), { type: 'goodbye', data: { code: 4102 } })
  t.match(await speaking.command('ping'), { type: 'reply' })
})
