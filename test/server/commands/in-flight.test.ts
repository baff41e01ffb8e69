import { InFlight } from '@cuewire/server/commands/in-flight.js'
import t from 'tap'

/** Work that goes on until it is told to end. */
function work() {
  let end: () => void = () => undefined
  const ended = new Promise<void>(resolve => {
    end = resolve
  })
  return { run: () => ended, end: () => end() }
}

t.test('as much as is allowed is under way for each sender; the rest is refused', async t => {
  const inFlight = new InFlight(2)
  const [first, second] = [work(), work()]
  const running = [inFlight.run('ada', first.run), inFlight.run('ada', second.run)]
  await t.rejects(
    inFlight.run('ada', () => 1),
    { code: 'limit.in_flight' },
  )
  t.equal(await inFlight.run('bob', () => 1), 1, 'others are not concerned')
  first.end()
  await running[0]
  t.equal(await inFlight.run('ada', () => 2), 2)
  await t.rejects(
    inFlight.run('ada', () => {
      throw new Error('failed')
    }),
    /failed/,
  )
  t.equal(await inFlight.run('ada', () => 3), 3, 'a failure makes room too')
  second.end()
  await Promise.all(running)
})

t.test('idle resolves when the last has ended, at once when there is none, and when the signal aborts', async t => {
  const inFlight = new InFlight(2)
  const aborting = new AbortController()
  await inFlight.idle(aborting.signal)
  const one = work()
  const running = inFlight.run('ada', one.run)
  let idle = false
  const waiting = inFlight.idle(aborting.signal).then(() => {
    idle = true
  })
  await inFlight.run('bob', () => undefined)
  t.equal(idle, false)
  one.end()
  await Promise.all([running, waiting])
  t.equal(idle, true)
  void inFlight.run('ada', work().run)
  aborting.abort()
  await inFlight.idle(aborting.signal)
})
