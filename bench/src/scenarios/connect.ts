import { atMost } from '../lib/goal.js'
import { pause } from '../lib/pause.js'
import { processCpuMs } from '../lib/process-cpu.js'
import { type RunningServer, withServer } from '../lib/server-process.js'
import { type Percentiles, percentiles, repeated } from '../lib/statistics.js'
import { table } from '../lib/table.js'
import { until } from '../lib/until.js'
import { Wire } from '../lib/wire.js'
import { PEERS } from '../peers/peers.js'
import type { Scenario } from './scenario.js'

const SETTINGS = { perSecond: 2_000, warmupMs: 1_000, durationMs: 5_000, targetMs: 15 } as const
const STEP_MS = 2
/** Addresses connections come from in turn, so that no port is needed twice. */
const ADDRESSES = 50

/** The server on each of its transports. */
const SERVERS = ['cuewire', 'cuewire-ws'] as const

interface Found {
  readonly server: (typeof SERVERS)[number]
  readonly latencyMs: Percentiles
  readonly serverCpuMicros: number
  /** CPU time of the load generator by wall time: near 1 it is what makes clients wait. */
  readonly generatorCpuShare: number
}

/** From the connect that was due to the first `hello`, at a steady rate of new connections. */
export const connect: Scenario = async ({ rounds, signal, progress }) => {
  const found: Found[] = []
  for (let round = 1; round <= rounds; round++) {
    for (const server of SERVERS) {
      progress(`round ${round} of ${rounds}: ${SETTINGS.perSecond} connects a second, ${server}`)
      const { command, environment } = PEERS[server]
      const measured = await withServer({ command, environment, signal }, running => measure(running, signal))
      found.push({ server, ...measured })
    }
  }
  const text = table([
    [
      `connect to hello, ms, ${SETTINGS.perSecond}/s`,
      'connects',
      'p50',
      'p99',
      'p99.9',
      'max',
      'server us/connect',
      'generator CPU',
      'target',
    ],
    ...found.map(({ server, latencyMs: { samples, p50, p99, p999, max }, serverCpuMicros, generatorCpuShare }) => [
      server,
      samples.toLocaleString('en'),
      ...[p50, p99, p999, max].map(value => value.toFixed(2)),
      serverCpuMicros.toFixed(0),
      `${Math.round(generatorCpuShare * 100)}%`,
      server === 'cuewire' ? `p99 < ${SETTINGS.targetMs}` : '',
    ]),
  ])
  const own = found.filter(({ server }) => server === 'cuewire')
  const goals = [
    atMost(`connect to hello at ${SETTINGS.perSecond}/s, p99`, SETTINGS.targetMs, {
      value: repeated(own.map(({ latencyMs }) => latencyMs.p99)).median,
      unit: ' ms',
      because: `the load generator used ${own.map(one => one.generatorCpuShare.toFixed(2)).join(', ')} of a core`,
    }),
  ]
  return { data: { settings: SETTINGS, found }, text, goals }
}

async function measure({ port, pid }: RunningServer, signal: AbortSignal): Promise<Omit<Found, 'server'>> {
  const { perSecond, warmupMs, durationMs } = SETTINGS
  const total = ((warmupMs + durationMs) / 1000) * perSecond
  const warmup = (warmupMs / 1000) * perSecond
  const samples: number[] = []
  let greeted = 0
  const serverCpuMs = () => processCpuMs(pid) ?? Number.NaN
  const [serverCpuBefore, ownCpuBefore] = [serverCpuMs(), process.cpuUsage()]
  const begin = performance.now()
  const open = (index: number) => {
    const due = begin + (index * 1000) / perSecond
    const wire = new Wire({
      port,
      localAddress: `127.0.0.${2 + (index % ADDRESSES)}`,
      onText: () => {
        greeted++
        if (index >= warmup) samples.push(performance.now() - due)
        wire.reset()
      },
    })
  }
  for (let opened = 0; opened < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * perSecond))
    while (opened < due) open(opened++)
    await pause(STEP_MS, signal)
  }
  await until(`hello on ${total} connections`, () => greeted === total, { signal })
  const { user, system } = process.cpuUsage(ownCpuBefore)
  return {
    latencyMs: percentiles(samples),
    serverCpuMicros: ((serverCpuMs() - serverCpuBefore) * 1000) / total,
    generatorCpuShare: (user + system) / 1000 / (performance.now() - begin),
  }
}
