import type { FakeConnection, FakeServer } from './fake-server.js'

/** One topic of a fake server, with the resume rules of the protocol: replay is all or nothing. */
export class FakeTopic {
  epoch = 'e1'
  /** The last number given out. */
  seq = 0
  /** The oldest number still kept. */
  oldest = 1
  readonly subscribed = new Set<FakeConnection>()
  /** The next replays, each with the number of its last event: then the connection closes. */
  readonly cutReplays: number[] = []

  constructor(
    readonly name: string,
    server: FakeServer,
  ) {
    server.on('subscribe', ({ data, id, type }, connection) => {
      const { since, epoch } = data as { since?: number; epoch?: string }
      this.subscribed.add(connection)
      connection.reply(
        { data, id, type },
        { topic: name, epoch: this.epoch, seq: this.seq, ...this.recovery(since, epoch) },
      )
      if (since === undefined || this.recovery(since, epoch).recovery !== 'replayed') return
      const last = this.cutReplays.shift()
      for (let seq = since + 1; seq <= Math.min(last ?? this.seq, this.seq); seq++) this.deliver(connection, seq)
      if (last === undefined) return
      this.subscribed.delete(connection)
      connection.close(4200)
    })
    server.on('unsubscribe', (_, connection) => {
      this.subscribed.delete(connection)
      return { topic: name }
    })
  }

  recovery(since: number | undefined, epoch: string | undefined): { recovery: string; [key: string]: unknown } {
    if (since === undefined) return { recovery: 'current' }
    const known = since === 0 || epoch === this.epoch
    if (!known || since + 1 < this.oldest || since > this.seq) return { recovery: 'gap', oldest: this.oldest }
    return since === this.seq ? { recovery: 'current' } : { recovery: 'replayed', replayed: this.seq - since }
  }

  /** Publishes `count` reliable events, each with its number as data. */
  publish(count = 1): void {
    for (let i = 0; i < count; i++) {
      this.seq++
      for (const connection of this.subscribed) this.deliver(connection, this.seq)
    }
  }

  deliver(connection: FakeConnection, seq: number): void {
    connection.event('transcript.segment', { number: seq }, { topic: this.name, seq })
  }

  /** Publishes an event without a number, as progress is. */
  progress(data: object): void {
    for (const connection of this.subscribed) connection.event('processing.progress', data, { topic: this.name })
  }

  /** Forgets history, as a restart does. */
  restart(): void {
    this.epoch = `${this.epoch}'`
    this.seq = 0
    this.oldest = 1
  }
}
