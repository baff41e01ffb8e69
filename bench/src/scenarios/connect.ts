import { pause } from '../lib/pause.js'
import { withServer } from '../lib/server-process.js'
import { type Percentiles, percentiles } from '../lib/statistics.js'
import { table } from '../lib/table.js'
import { until } from '../lib/until.js'
import { Wire } from '../lib/wire.js'
import { PEERS } from '../peers/peers.js'
import type { Scenario } from './scenario.js'

const SETTINGS = { perSecond: 2_000, warmupMs: 1_000, durationMs: 5_000, targetMs: 20 } as const
const STEP_MS = 2
/** Addresses connections come from in turn, so that no port is needed twice. */
const ADDRESSES = 50

/** From the connect that was due to the first `hello`, at a steady rate of new connections. */
export const connect: Scenario = async ({ rounds, signal, progress }) => {
  const found: Percentiles[] = []
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}: ${SETTINGS.perSecond} connects a second`)
    found.push(await withServer({ command: PEERS.cuewire.command, signal }, ({ port }) => measure(port, signal)))
  }
  const text = table([
    [`connect to hello, ms, ${SETTINGS.perSecond}/s`, 'connects', 'p50', 'p99', 'p99.9', 'max', 'target'],
    ...found.map(({ samples, p50, p99, p999, max }, index) => [
      `round ${index + 1}`,
      samples.toLocaleString('en'),
      ...[p50, p99, p999, max].map(value => value.toFixed(2)),
      `p99 < ${SETTINGS.targetMs}`,
    ]),
  ])
  return { data: { settings: SETTINGS, found }, text }
}

async function measure(port: number, signal: AbortSignal): Promise<Percentiles> {
  const { perSecond, warmupMs, durationMs } = SETTINGS
  const total = ((warmupMs + durationMs) / 1000) * perSecond
  const warmup = (warmupMs / 1000) * perSecond
  const samples: number[] = []
  let greeted = 0
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
  return percentiles(samples)
}
