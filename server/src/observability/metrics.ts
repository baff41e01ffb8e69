import { Counter, collectDefaultMetrics, Gauge, type LabelValues, Registry } from 'prom-client'
import type { Latency } from '../lib/latency.js'
import { LatencyMetric } from './latency-metric.js'

type Counts = Readonly<Record<string, number>>
type Samples = Iterable<readonly [labels: LabelValues<string>, value: number]>

/** Numbers of one tenant. They are read when the metrics are requested, so the hot path only increments. */
export interface TenantNumbers {
  readonly name: string
  readonly counters: {
    readonly opened: number
    readonly receivedBytes: number
    readonly sentBytes: number
    readonly frames: Counts
    readonly commands: Counts
    readonly errors: Counts
    readonly closed: Counts
    readonly latency: ReadonlyMap<string, Latency>
  }
  readonly services: {
    readonly store: { readonly jobs: { countQueued(): Promise<number> }; readonly damaged: Counts }
  }
}

export interface MetricSources {
  readonly registry: {
    all(): Iterable<{ readonly principal: { readonly tenant: string }; readonly queuedBytes: number }>
  }
  /** Numbers of every open tenant. */
  readonly tenants: () => readonly TenantNumbers[]
  readonly handshakes: { readonly refused: Counts }
}

const FRAME_LABELS: Readonly<Record<string, LabelValues<string>>> = {
  sentReliable: { class: 'reliable', outcome: 'sent' },
  sentLatest: { class: 'latest', outcome: 'sent' },
  sentVolatile: { class: 'volatile', outcome: 'sent' },
  droppedVolatile: { class: 'volatile', outcome: 'dropped' },
  coalescedLatest: { class: 'latest', outcome: 'coalesced' },
}

/** The metrics of this server; those of tenants carry the label `tenant`. */
export function createMetrics({ registry, tenants, handshakes }: MetricSources): Registry {
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  const registers = [metrics]

  const gauge = (name: string, help: string, labelNames: string[], read: () => Samples | Promise<Samples>) =>
    new Gauge({
      name,
      help,
      registers,
      labelNames,
      async collect() {
        this.reset()
        for (const [labels, value] of await read()) this.inc(labels, value)
      },
    })
  const counter = (name: string, help: string, labelNames: string[], read: () => Samples) =>
    new Counter({
      name,
      help,
      registers,
      labelNames,
      collect() {
        this.reset()
        for (const [labels, value] of read()) this.inc(labels, value)
      },
    })
  type Counters = TenantNumbers['counters']
  const byTenant = (name: string, help: string, read: (counters: Counters) => number) =>
    counter(name, help, ['tenant'], () => tenants().map(({ name: tenant, counters }) => [{ tenant }, read(counters)]))
  const byTenantAnd = (label: string, name: string, help: string, read: (counters: Counters) => Counts) =>
    counter(name, help, ['tenant', label], () =>
      tenants().flatMap(({ name: tenant, counters }) => labelled(label, read(counters), { tenant })),
    )

  gauge('cuewire_connections', 'Open WebSocket connections.', ['tenant'], () =>
    [...registry.all()].map(({ principal: { tenant } }) => [{ tenant }, 1]),
  )
  gauge('cuewire_outbox_bytes', 'Bytes that wait to be sent.', ['tenant'], () => [
    // A tenant without connections has 0.
    ...tenants().map(({ name: tenant }) => [{ tenant }, 0] as const),
    ...[...registry.all()].map(({ principal: { tenant }, queuedBytes }) => [{ tenant }, queuedBytes] as const),
  ])
  gauge('cuewire_jobs_queued', 'Jobs that wait for their turn.', ['tenant'], () =>
    Promise.all(
      tenants().map(
        async ({ name: tenant, services }) => [{ tenant }, await services.store.jobs.countQueued()] as const,
      ),
    ),
  )
  gauge('cuewire_tenants', 'Tenants that are open.', [], () => [[{}, tenants().length]])

  byTenant('cuewire_connections_opened_total', 'WebSocket connections that were opened.', ({ opened }) => opened)
  byTenant('cuewire_received_bytes_total', 'Bytes of the text frames that came in.', counters => counters.receivedBytes)
  byTenant(
    'cuewire_sent_bytes_total',
    'Bytes of the frames that went out; of replies sent at once, characters.',
    counters => counters.sentBytes,
  )
  byTenantAnd('command', 'cuewire_commands_total', 'Commands answered with a reply.', counters => counters.commands)
  byTenantAnd('code', 'cuewire_errors_total', 'Frames answered with an error.', counters => counters.errors)
  byTenantAnd('close', 'cuewire_closes_total', 'Connections closed by this server.', counters => counters.closed)
  counter('cuewire_refused_upgrades_total', 'Handshakes that were refused.', ['code'], () =>
    labelled('code', handshakes.refused),
  )
  counter('cuewire_frames_total', 'Frames for clients by what became of them.', ['tenant', 'class', 'outcome'], () =>
    tenants().flatMap(({ name: tenant, counters }) =>
      Object.entries(counters.frames).map(([kind, count]) => [{ tenant, ...FRAME_LABELS[kind] }, count] as const),
    ),
  )
  counter(
    'cuewire_damaged_records_total',
    'Different stored records that were found damaged and are passed over.',
    ['tenant', 'table'],
    () => tenants().flatMap(({ name: tenant, services }) => labelled('table', services.store.damaged, { tenant })),
  )
  metrics.registerMetric(
    new LatencyMetric({
      name: 'cuewire_command_seconds',
      help: 'Time until the reply or error of commands that were not answered at once.',
      read: () =>
        tenants().flatMap(({ name: tenant, counters }) =>
          [...counters.latency].map(([command, latency]) => [{ tenant, command }, latency] as const),
        ),
    }),
  )
  return metrics
}

function labelled(label: string, counts: Counts, more: LabelValues<string> = {}): [LabelValues<string>, number][] {
  return Object.entries(counts).map(([value, count]) => [{ ...more, [label]: value }, count])
}
