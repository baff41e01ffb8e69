import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Latency } from '../lib/latency.js'
import { LatencyMetric } from './latency-metric.js'

type Counts = Readonly<Record<string, number>>

/** Where the numbers are read when the metrics page is asked for, so that the hot path only increments. */
export interface MetricSources {
  readonly registry: {
    queuedBytes(): number
    all(): Iterable<{ readonly principal: { readonly tenant: string } }>
  }
  readonly counters: {
    readonly opened: number
    readonly receivedBytes: number
    readonly commands: Counts
    readonly errors: Counts
    readonly closed: Counts
    readonly refused: Counts
    readonly latency: ReadonlyMap<string, Latency>
  }
  /** What became of the frames of every connection, closed or open. */
  readonly frames: () => Counts
  /** By tenant, of every one that is open. */
  readonly queuedJobs: () => Promise<ReadonlyMap<string, number>>
}

/** The metrics of this server. */
export function createMetrics({ registry, counters, frames, queuedJobs }: MetricSources): Registry {
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
  const labelled = (name: string, help: string, label: string, read: () => Counts) =>
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

  new Gauge({
    name: 'cuewire_connections',
    help: 'Open WebSocket connections, by tenant.',
    registers,
    labelNames: ['tenant'],
    collect() {
      this.reset()
      for (const { principal } of registry.all()) this.inc({ tenant: principal.tenant })
    },
  })
  gauge('cuewire_outbox_bytes', 'Bytes waiting to be sent on all connections.', () => registry.queuedBytes())
  new Gauge({
    name: 'cuewire_jobs_queued',
    help: 'Jobs that wait for their turn, by tenant.',
    registers,
    labelNames: ['tenant'],
    async collect() {
      this.reset()
      for (const [tenant, count] of await queuedJobs()) this.set({ tenant }, count)
    },
  })
  new Gauge({
    name: 'cuewire_tenants',
    help: 'Tenants that are open.',
    registers,
    async collect() {
      this.set((await queuedJobs()).size)
    },
  })
  new Counter({
    name: 'cuewire_received_bytes_total',
    help: 'Bytes of the text frames that came in.',
    registers,
    collect() {
      this.reset()
      this.inc(counters.receivedBytes)
    },
  })
  metrics.registerMetric(
    new LatencyMetric({
      name: 'cuewire_command_seconds',
      help: 'Time until the reply or error of commands that were not answered at once, by name.',
      label: 'command',
      read: () => counters.latency,
    }),
  )
  labelled('cuewire_connections_total', 'WebSocket connections by what became of them.', 'event', () => ({
    opened: counters.opened,
  }))
  labelled('cuewire_commands_total', 'Commands answered with a reply, by name.', 'command', () => counters.commands)
  labelled('cuewire_errors_total', 'Frames answered with an error, by code.', 'code', () => counters.errors)
  labelled('cuewire_closes_total', 'Connections closed by this server, by close code.', 'close', () => counters.closed)
  labelled(
    'cuewire_refused_upgrades_total',
    'Handshakes that were refused, by error code.',
    'code',
    () => counters.refused,
  )
  labelled('cuewire_frames_total', 'Frames on their way to clients, by outcome.', 'outcome', frames)
  return metrics
}
