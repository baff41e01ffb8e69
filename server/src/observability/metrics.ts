import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** Where the numbers are read when the metrics page is asked for, so that the hot path only increments. */
export interface MetricSources {
  readonly registry: { readonly size: number; queuedBytes(): number }
  readonly counters: {
    readonly opened: number
    readonly commands: Readonly<Record<string, number>>
    readonly errors: Readonly<Record<string, number>>
    readonly closed: Readonly<Record<string, number>>
    readonly outbox: Readonly<Record<string, number>>
  }
  readonly queuedJobs: () => Promise<number>
}

/** The metrics of this server. */
export function createMetrics({ registry, counters, queuedJobs }: MetricSources): Registry {
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  const registers = [metrics]

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  const labelled = (name: string, help: string, label: string, read: () => Readonly<Record<string, number>>) =>
    new Counter({
      name,
      help,
      registers,
      labelNames: [label],
      collect() {
        this.reset()
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count)
      },
    })

  gauge('cuewire_connections', 'Open WebSocket connections.', () => registry.size)
  gauge('cuewire_outbox_bytes', 'Bytes waiting to be sent on all connections.', () => registry.queuedBytes())
  new Gauge({
    name: 'cuewire_jobs_queued',
    help: 'Jobs that wait for their turn.',
    registers,
    async collect() {
      this.set(await queuedJobs())
    },
  })
  labelled('cuewire_connections_total', 'WebSocket connections by what became of them.', 'event', () => ({
    opened: counters.opened,
  }))
  labelled('cuewire_commands_total', 'Commands answered with a reply, by name.', 'command', () => counters.commands)
  labelled('cuewire_errors_total', 'Frames answered with an error, by code.', 'code', () => counters.errors)
  labelled('cuewire_closes_total', 'Connections closed by this server, by close code.', 'close', () => counters.closed)
  labelled('cuewire_frames_total', 'Frames of closed connections, by outcome.', 'outcome', () => counters.outbox)
  return metrics
}
