import { atMost } from '../lib/goal.js'
import { megabytes } from '../lib/megabytes.js'
import { readMetric } from '../lib/metrics.js'
import { pause } from '../lib/pause.js'
import { processRssBytes } from '../lib/process-memory.js'
import { publishClip } from '../lib/publish-clip.js'
import { type RunningServer, withServer } from '../lib/server-process.js'
import { type Percentiles, percentiles, repeated } from '../lib/statistics.js'
import { table } from '../lib/table.js'
import { until } from '../lib/until.js'
import { Wire } from '../lib/wire.js'
import { commandFrame, openWires } from '../lib/wires.js'
import { PEERS } from '../peers/peers.js'
import type { Scenario } from './scenario.js'

const SETTINGS = {
  subscribers: 1_000,
  eventsPerSecond: 25,
  warmup: 50,
  events: 200,
  fillPerEvent: 250,
  targetRatio: 1.1,
} as const
/** Set high enough that the greedy client is stopped by the outbox, not by the limits on commands. */
const ENVIRONMENT = { CUEWIRE_COMMANDS_PER_SECOND: '1000000000', CUEWIRE_COMMAND_BURST: '1000000000' }

interface Found {
  readonly deliveryMs: Percentiles
  readonly beforeBytes: number
  readonly mostBytes: number
  /** What waited in the server for the one that asks much, at the end. */
  readonly waitingBytes: number
  readonly closedAsSlow: number
}

/** What a client that asks for much and reads nothing does to 1,000 that read, against one that asks as much and reads. */
export const slowConsumer: Scenario = async ({ rounds, signal, progress }) => {
  const found: { readonly stalled: boolean; readonly result: Found }[] = []
  for (let round = 1; round <= rounds; round++) {
    for (const stalled of [false, true]) {
      progress(
        `round ${round} of ${rounds}: ${SETTINGS.subscribers} subscribers and one that ${stalled ? 'stalls' : 'reads'}`,
      )
      const result = await withServer({ command: PEERS.cuewire.command, signal, environment: ENVIRONMENT }, server =>
        measure(server, stalled, signal),
      )
      found.push({ stalled, result })
    }
  }
  const text = table([
    [
      `${SETTINGS.subscribers} subscribers`,
      'p50 ms',
      'p99 ms',
      'memory before',
      'most',
      'waits for it',
      'closed as slow',
    ],
    ...found.map(({ stalled, result: { deliveryMs, beforeBytes, mostBytes, waitingBytes, closedAsSlow } }) => [
      stalled ? 'and one that stalls' : 'and one that reads',
      deliveryMs.p50.toFixed(2),
      deliveryMs.p99.toFixed(2),
      megabytes(beforeBytes),
      megabytes(mostBytes),
      megabytes(waitingBytes),
      String(closedAsSlow),
    ]),
  ])
  const p99 = (stalled: boolean) =>
    repeated(found.filter(one => one.stalled === stalled).map(({ result }) => result.deliveryMs.p99)).median
  const goals = [
    atMost('p99 of others beside a client that stalls / one that reads', SETTINGS.targetRatio, {
      value: p99(true) / p99(false),
      because: `${p99(true).toFixed(2)} ms beside ${p99(false).toFixed(2)}`,
    }),
  ]
  return { data: { settings: SETTINGS, found }, text, goals }
}

async function measure({ port, pid }: RunningServer, stalled: boolean, signal: AbortSignal): Promise<Found> {
  const { subscribers, eventsPerSecond, warmup, events, fillPerEvent } = SETTINGS
  const videoId = await publishClip(port)
  const samples: number[] = []
  const sentAt: number[] = []
  let subscribed = 0
  let delivered = 0
  const wires = await openWires(subscribers, () => ({
    port,
    onText: text => {
      const index = /"title":"Event (\d+)"/.exec(text)?.[1]
      if (text.startsWith('{"type":"reply"')) subscribed++
      if (index === undefined) return
      delivered++
      if (Number(index) >= warmup) samples.push(performance.now() - (sentAt[Number(index)] ?? Number.NaN))
    },
  }))
  for (const wire of wires) wire.write(commandFrame('subscribe', 1, { topic: 'library' }))
  await until('every subscription', () => subscribed === subscribers, { signal })
  const [publisher, reader] = [new Wire({ port }), new Wire({ port })]
  await Promise.all([publisher.opened(), reader.opened()])
  reader.write(commandFrame('subscribe', 1, { topic: 'library' }))
  if (stalled) reader.socket.pause()
  const fill = Buffer.concat(Array.from({ length: fillPerEvent }, (_, id) => commandFrame('server.info', id)))
  let beforeBytes = 0
  let mostBytes = 0
  const begin = performance.now()
  for (let index = 0; index < warmup + events; index++) {
    if (index === warmup) beforeBytes = processRssBytes(pid)
    if (index >= warmup && !reader.isEnded) reader.write(fill)
    sentAt[index] = performance.now()
    publisher.write(commandFrame('video.update', index, { videoId, title: `Event ${index}` }))
    mostBytes = Math.max(mostBytes, processRssBytes(pid))
    await pause(Math.max(0, begin + ((index + 1) * 1000) / eventsPerSecond - performance.now()), signal)
  }
  await until('all deliveries', () => delivered === (warmup + events) * subscribers, { signal })
  const waitingBytes = await readMetric(port, 'cuewire_outbox_bytes')
  const closedAsSlow = await readMetric(port, 'cuewire_closes_total', { close: 'slow' })
  for (const wire of [...wires, publisher, reader]) wire.reset()
  return { deliveryMs: percentiles(samples), beforeBytes, mostBytes, waitingBytes, closedAsSlow }
}
