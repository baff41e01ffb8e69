import { SessionCounters } from '@cuewire/server/sessions/counters.js'
import { Outbox } from '@cuewire/server/sessions/outbox.js'
import fc from 'fast-check'
import t from 'tap'
import { collectGarbage } from '../../support/collect-garbage.js'
import { TestSocket } from '../../support/test-socket.js'

const LIMITS = { socketBytes: 10, softBytes: 20, hardBytes: 40 }

function setUp(limits = LIMITS) {
  const socket = new TestSocket()
  const scheduled: Outbox[] = []
  const lagging: number[] = []
  const counters = new SessionCounters()
  let overflows = 0
  let emptied = 0
  const outbox = new Outbox({
    socket,
    limits,
    counters,
    schedule: box => void scheduled.push(box),
    onLagging: ({ queuedBytes }) => void lagging.push(queuedBytes),
    onOverflow: () => {
      overflows++
    },
    onEmpty: () => {
      emptied++
    },
  })
  return { socket, outbox, scheduled, lagging, counters, overflows: () => overflows, emptied: () => emptied }
}

/** Makes the socket hold more than it may before frames wait. */
function stall({ socket, outbox }: Pick<ReturnType<typeof setUp>, 'socket' | 'outbox'>): void {
  socket.cost = 11
  outbox.sendNow('before')
}

t.test('frames of one tick go out in order, in one cork, after one request to flush', async t => {
  const { socket, outbox, scheduled } = setUp()
  for (const frame of ['a', 'b', 'c']) outbox.push(frame, 'reliable')
  t.same(socket.frames, [])
  t.equal(scheduled.length, 1)
  outbox.flush()
  t.same(socket.frames, ['a', 'b', 'c'])
  t.equal(socket.corks, 1)
})

t.test('a reply within the message callback goes out at once, but never before what waits', async t => {
  const { socket, outbox } = setUp()
  outbox.sendNow('first')
  outbox.push('second', 'reliable')
  outbox.sendNow('third')
  t.same(socket.frames, ['first'])
  outbox.flush()
  t.same(socket.frames, ['first', 'second', 'third'])
})

t.test('a busy socket gets no more until it drains', async t => {
  const { socket, outbox } = setUp()
  socket.cost = 6
  for (const frame of ['a', 'b', 'c', 'd']) outbox.push(frame, 'reliable')
  outbox.flush()
  t.same(socket.frames, ['a', 'b'])
  socket.buffered = 0
  outbox.flush()
  t.same(socket.frames, ['a', 'b', 'c', 'd'])
})

t.test('it tells when everything that waited has been sent, and only then', async t => {
  const { socket, outbox, emptied } = setUp()
  socket.cost = 6
  for (const frame of ['a', 'b', 'c']) outbox.push(frame, 'reliable')
  outbox.flush()
  t.equal(emptied(), 0)
  socket.buffered = 0
  outbox.flush()
  t.equal(emptied(), 1)
  outbox.flush()
  t.equal(emptied(), 1)
})

t.test('frames that were sent are let go of, although the client never catches up', async t => {
  const { socket, outbox } = setUp()
  socket.cost = 6
  const sent: WeakRef<Uint8Array>[] = []
  const push = (count: number) => {
    for (let i = 0; i < count; i++) {
      const frame = new Uint8Array(1)
      sent.push(new WeakRef(frame))
      outbox.push(frame, 'reliable')
    }
  }
  push(10)
  for (let i = 0; i < 200; i++) {
    push(2)
    // Room for two.
    socket.buffered = 0
    outbox.flush()
    socket.frames.length = 0
  }
  t.ok(outbox.queuedBytes > 0, 'some still wait')
  await collectGarbage()
  t.ok(sent.filter(frame => frame.deref()).length < 50)
})

t.test('a newer latest frame takes the place of the older one of its key', async t => {
  const { socket, outbox, counters } = setUp()
  outbox.push('p1', 'latest', 'progress')
  outbox.push('x', 'reliable')
  outbox.push('p2', 'latest', 'progress')
  outbox.push('q1', 'latest', 'other')
  outbox.flush()
  t.same(socket.frames, ['p2', 'x', 'q1'])
  t.match(counters.frames, { coalescedLatest: 1, sentLatest: 2, sentReliable: 1 })
  t.equal(counters.sentBytes, 5)
})

t.test('over the soft limit the client is told once and volatile frames are dropped', async t => {
  const { socket, outbox, lagging, counters } = setUp()
  stall({ socket, outbox })
  outbox.push('x'.repeat(21), 'reliable')
  outbox.push('v', 'volatile')
  outbox.push('y', 'reliable')
  t.same(lagging, [21])
  t.ok(outbox.isCongested)
  t.equal(counters.frames.droppedVolatile, 1)
})

t.test('a burst that the socket takes is no lag', async t => {
  const { socket, outbox, lagging, overflows } = setUp()
  for (let i = 0; i < 10; i++) outbox.push(`${i}`.repeat(15), 'reliable')
  outbox.flush()
  t.equal(socket.frames.length, 10)
  t.same(lagging, [])
  t.equal(overflows(), 0)
})

t.test('over the hard limit it overflows once and sends no more', async t => {
  const { socket, outbox, overflows } = setUp()
  stall({ socket, outbox })
  outbox.push('x'.repeat(41), 'reliable')
  outbox.push('y', 'reliable')
  outbox.flush()
  t.equal(overflows(), 1)
  t.same(socket.frames, ['before'])
})

t.test('a frame that the socket drops is an overflow: order is lost', async t => {
  const { socket, outbox, overflows, counters } = setUp()
  socket.outcome = 'dropped'
  outbox.push('x', 'reliable')
  outbox.push('y', 'reliable')
  outbox.flush()
  t.equal(overflows(), 1)
  t.equal(counters.frames.sentReliable, 0)
})

t.test('whatever the socket does, reliable frames arrive in order and none is missing until an overflow', async t => {
  const action = fc.oneof(
    fc.constant({ kind: 'push' } as const),
    fc.constant({ kind: 'latest' } as const),
    fc.constant({ kind: 'volatile' } as const),
    fc.constant({ kind: 'flush' } as const),
    fc.record({ kind: fc.constant('drain' as const), bytes: fc.integer({ min: 0, max: 30 }) }),
  )
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), actions => {
      const { socket, outbox, overflows } = setUp({ socketBytes: 8, softBytes: 30, hardBytes: 90 })
      socket.cost = 3
      let next = 0
      for (const [i, step] of actions.entries()) {
        if (step.kind === 'push') outbox.push(`r${next++}`, 'reliable')
        else if (step.kind === 'latest') outbox.push(`l${i}`, 'latest', 'key')
        else if (step.kind === 'volatile') outbox.push(`v${i}`, 'volatile')
        else if (step.kind === 'flush') outbox.flush()
        else {
          socket.buffered = Math.max(0, socket.buffered - step.bytes)
          outbox.flush()
        }
        t.ok(outbox.queuedBytes <= 90 + 8, 'bounded')
      }
      while (outbox.queuedBytes > 0) {
        socket.buffered = 0
        outbox.flush()
      }
      const reliable = socket.frames.filter(frame => frame.startsWith('r'))
      const expected = Array.from({ length: next }, (_, i) => `r${i}`)
      t.same(reliable, overflows() > 0 ? expected.slice(0, reliable.length) : expected)
      const latest = socket.frames.filter(frame => frame.startsWith('l')).map(frame => Number(frame.slice(1)))
      t.same(
        latest,
        [...latest].sort((a, b) => a - b),
        'a latest value never goes back',
      )
    }),
    { numRuns: 300 },
  )
})
