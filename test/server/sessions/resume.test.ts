import { setImmediate as tick } from 'node:timers/promises'
import type { Topic } from '@cuewire/protocol'
import type { Bus } from '@cuewire/server/bus/bus.js'
import type { Session } from '@cuewire/server/sessions/session.js'
import type { Socket } from '@cuewire/server/sessions/socket.js'
import fc from 'fast-check'
import t from 'tap'
import { createMemoryBus } from '../../support/memory-bus.js'
import { SlowNetwork } from '../../support/slow-network.js'
import { sessionsOver } from '../../support/test-session.js'

const VIDEO_ID = '01JD7Z0V3N8W6XQ2K4T5R9M1AB'
const TOPIC: Topic = `video/${VIDEO_ID}`
/** Frames of a few events fill the socket, some more make the client lag, a whole history would overflow the outbox. */
const LIMITS = { outbox: { socketBytes: 300, softBytes: 600, hardBytes: 1500 }, replayPageBytes: 300 }
const KEPT = 14

type Frame = {
  readonly type: string
  readonly seq?: number
  readonly data: { readonly epoch: string; readonly seq: number; readonly recovery: string; readonly title?: string }
}

/** A client that does what PROTOCOL.md says: resumes from the last number it has seen, and notes gaps. */
class Client {
  /** Numbers of reliable events, with what stands for a gap: the position it was told to go on from. */
  readonly seen: (number | { readonly gapUpTo: number })[] = []
  readonly latest: number[] = []
  closedAsSlow = 0
  private last = 0
  private epoch: string | undefined
  private line: { readonly session: Session; readonly network: SlowNetwork } | undefined

  constructor(private readonly open: (socket: Socket) => Session) {}

  get connected(): boolean {
    return this.line !== undefined
  }

  connect(): void {
    const network = new SlowNetwork(frame => this.take(frame as Frame))
    const session = this.open(network)
    this.line = { session, network }
    const { epoch, last: since } = this
    session.message(JSON.stringify({ type: 'subscribe', id: 1, data: { topic: TOPIC, since, epoch } }), 100)
  }

  /** The network goes, with all that is on its way. */
  cut(): void {
    this.line?.session.ended()
    this.line = undefined
  }

  /** Reads some frames; true if there were any. */
  read(count: number): boolean {
    if (!this.line) return false
    const { session, network } = this.line
    const some = network.read(count)
    if (network.endedWith === undefined) {
      session.drained()
    } else if (!some) {
      if (network.endedWith === 4200) this.closedAsSlow++
      this.line = undefined
    }
    return some
  }

  private take({ type, seq, data }: Frame): void {
    if (type === 'reply') {
      if (data.recovery === 'gap') {
        this.seen.push({ gapUpTo: data.seq })
        this.last = data.seq
      }
      this.epoch = data.epoch
    } else if (type === 'content.timeline') {
      this.latest.push(this.seen.length)
    } else if (seq !== undefined) {
      this.seen.push(seq)
      this.last = seq
    }
  }
}

/** The client reads `count` frames at a time until nothing comes any more, coming back when it is sent away. */
async function readAll(client: Client, count: number): Promise<void> {
  let quiet = 0
  for (let round = 0; quiet < 5; round++) {
    if (round > 5000) throw new Error('the client never catches up')
    if (!client.connected) client.connect()
    quiet = client.read(count) ? 0 : quiet + 1
    await tick()
  }
}

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), count: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), count: fc.constant(0) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('connect' as const), count: fc.constant(0) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tick' as const), count: fc.constant(0) }) },
)

function publish(bus: Bus, count: number): void {
  for (let i = 0; i < count; i++) {
    bus.publish(TOPIC, 'video.deleted', { videoId: VIDEO_ID })
    bus.publish(TOPIC, 'content.timeline', { videoId: VIDEO_ID, lanes: [] })
  }
}

t.test(
  'any interleaving of publishing, lag, lost networks and resuming gives each event once, in order, or says gap',
  async t => {
    const happened = { gaps: 0, slow: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async steps => {
        const bus = createMemoryBus({ kept: KEPT })
        const sessions = sessionsOver(bus, LIMITS)
        const client = new Client(sessions.open)
        let published = 0
        for (const { kind, count } of steps) {
          if (kind === 'publish') {
            publish(bus, count)
            published += count
          } else if (kind === 'read') client.read(count)
          else if (kind === 'cut') client.cut()
          else if (kind === 'tick') await tick()
          else if (!client.connected) client.connect()
        }
        await readAll(client, 1000)
        let expected = 1
        for (const item of client.seen) {
          if (typeof item === 'object') {
            t.ok(item.gapUpTo - expected + 1 > KEPT, 'a gap only when more was missed than is kept')
            happened.gaps++
            expected = item.gapUpTo + 1
          } else {
            if (item !== expected) t.equal(item, expected, 'each once, in order')
            expected = item + 1
          }
        }
        t.equal(expected, published + 1, 'up to the last')
        happened.slow += client.closedAsSlow
        client.cut()
      }),
      { numRuns: 500 },
    )
    t.ok(happened.gaps > 0 && happened.slow > 0, `the runs had ${happened.gaps} gaps and ${happened.slow} slow closes`)
  },
)

t.test('a replay of more than the outbox may hold arrives whole, page by page', async t => {
  const bus = createMemoryBus({ kept: 1000 })
  const { open } = sessionsOver(bus, LIMITS)
  publish(bus, 500)
  const client = new Client(open)
  client.connect()
  for (let i = 0; i < 3; i++) await tick()
  client.read(2)
  publish(bus, 2)
  await readAll(client, 1)
  t.same(
    client.seen,
    Array.from({ length: 502 }, (_, i) => i + 1),
  )
  t.equal(client.closedAsSlow, 0)
  t.equal(client.latest.at(-1), 502, 'what was published meanwhile came after it')
})

t.test('a client that never reads its replay is sent away once too much new waits behind it', async t => {
  const bus = createMemoryBus({ kept: 1000 })
  const { open, counters } = sessionsOver(bus, LIMITS)
  publish(bus, 100)
  const client = new Client(open)
  client.connect()
  for (let i = 0; i < 5; i++) await tick()
  publish(bus, 20)
  t.equal(counters.closed.slow, 1)
})
