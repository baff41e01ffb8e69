import { steadyTime, systemClock } from '@cuewire/server/lib/clock.js'
import { tickClock } from '@cuewire/server/lib/tick-clock.js'
import t from 'tap'
import { FakeClock } from '../../support/fake-clock.js'

const HOUR_MS = 3_600_000

t.test('steady time starts at the wall clock and then only passes', async t => {
  const clock = new FakeClock(1_000_000)
  const steady = steadyTime(clock)
  t.equal(steady(), 1_000_000)
  clock.jump(-HOUR_MS)
  clock.pass(500)
  t.equal(steady(), 1_000_500)
  clock.jump(3 * HOUR_MS)
  t.equal(steady(), 1_000_500)
  t.equal(steadyTime(clock)(), clock.now(), 'one that starts later has the time as it is then')
})

t.test('the elapsed time of the system does not follow its wall clock', async t => {
  const { now } = Date
  const before = systemClock.elapsed()
  t.intercept(Date, 'now', { value: () => now() - HOUR_MS })
  const after = systemClock.elapsed()
  t.ok(after >= before && after < before + HOUR_MS / 2)
  t.ok(systemClock.now() < now() - HOUR_MS / 2)
})

t.test('within a tick of the event loop both clocks stand still', async t => {
  const [now, elapsed] = [tickClock.now(), tickClock.elapsed()]
  const until = performance.now() + 5
  while (performance.now() < until);
  t.same([tickClock.now(), tickClock.elapsed()], [now, elapsed])
  await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
  t.ok(tickClock.elapsed() > elapsed)
})
