import { cuewireDialect, echoDialect } from '../lib/dialect.js'
import { atLeast } from '../lib/goal.js'
import { processCpuMs } from '../lib/process-cpu.js'
import { publishClip } from '../lib/publish-clip.js'
import { rawFrame } from '../lib/raw-frame.js'
import { type RunningServer, withServer } from '../lib/server-process.js'
import { repeated } from '../lib/statistics.js'
import { table } from '../lib/table.js'
import { until } from '../lib/until.js'
import { Wire } from '../lib/wire.js'
import { commandFrame, openWires } from '../lib/wires.js'
import { PEERS } from '../peers/peers.js'
import type { Scenario } from './scenario.js'

const SETTINGS = { subscribers: 5_000, events: 150, warmup: 20, window: 4, target: 0.9, targetPerCpu: 0.8 } as const
const UWS_PUBLISH = new URL('../peers/uws-publish.js', import.meta.url).pathname

interface Found {
  readonly perSecond: number
  readonly serverCpuMicros: number
  readonly eventBytes: number
}

/** One event to many subscribers, in order and none lost, beside uWS's own topics with frames of the same length. */
export const fanout: Scenario = async ({ rounds, signal, progress }) => {
  const found: { readonly cuewire: Found; readonly uws: Found }[] = []
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}: one event to ${SETTINGS.subscribers} subscribers`)
    const cuewire = await withServer({ command: PEERS.cuewire.command, signal }, server =>
      measureCuewire(server, signal),
    )
    const uws = await withServer({ command: [UWS_PUBLISH], signal }, server =>
      measureUws(server, cuewire.eventBytes, signal),
    )
    found.push({ cuewire, uws })
  }
  const deliveries = repeated(found.map(({ cuewire, uws }) => cuewire.perSecond / uws.perSecond))
  const perCpu = repeated(found.map(({ cuewire, uws }) => uws.serverCpuMicros / cuewire.serverCpuMicros))
  const cells = ({ median, min, max }: typeof perCpu) => [median.toFixed(2), `${min.toFixed(2)}..${max.toFixed(2)}`]
  const row = (name: string, results: readonly Found[]) => [
    name,
    Math.round(repeated(results.map(({ perSecond }) => perSecond)).median).toLocaleString('en'),
    repeated(results.map(({ serverCpuMicros }) => serverCpuMicros)).median.toFixed(2),
  ]
  const text = [
    table([
      [`fan-out to ${SETTINGS.subscribers}`, 'deliveries/s', 'server us/delivery'],
      row(
        'uws-publish',
        found.map(({ uws }) => uws),
      ),
      row(
        'cuewire',
        found.map(({ cuewire }) => cuewire),
      ),
    ]),
    table([
      ['cuewire / uws-publish', 'median', 'min..max', 'target'],
      ['deliveries/s', ...cells(deliveries), `>= ${SETTINGS.target}`],
      ['per CPU time', ...cells(perCpu), `>= ${SETTINGS.targetPerCpu}`],
    ]),
  ].join('\n\n')
  const micros = (of: 'cuewire' | 'uws') => repeated(found.map(pair => pair[of].serverCpuMicros)).median.toFixed(2)
  const because = `a delivery takes ${micros('cuewire')} us of CPU beside ${micros('uws')}`
  const what = `fan-out to ${SETTINGS.subscribers} / native publish of uWebSockets.js`
  const goals = [
    atLeast(`${what}, deliveries`, SETTINGS.target, { value: deliveries.median, because }),
    atLeast(`${what}, per CPU time`, SETTINGS.targetPerCpu, { value: perCpu.median, because }),
  ]
  return { data: { settings: SETTINGS, found }, text, goals }
}

async function measureCuewire(server: RunningServer, signal: AbortSignal): Promise<Found> {
  const { port } = server
  const videoId = await publishClip(port)
  let subscribed = 0
  const deliveries = new Deliveries()
  const wires = await openWires(SETTINGS.subscribers, index => ({
    port,
    dialect: cuewireDialect,
    onText: text => {
      if (text.startsWith('{"type":"video.updated"')) deliveries.take(index, text)
      else if (text.startsWith('{"type":"reply"')) subscribed++
    },
  }))
  for (const wire of wires) wire.write(commandFrame('subscribe', 1, { topic: 'library' }))
  await until('every subscription', () => subscribed === wires.length, { signal })
  const publisher = new Wire({ port })
  await publisher.opened()
  const publish = (index: number) =>
    publisher.write(commandFrame('video.update', index, { videoId, title: `Event ${index}` }))
  try {
    return await run({ server, deliveries, publish, signal })
  } finally {
    for (const wire of [...wires, publisher]) wire.reset()
  }
}

async function measureUws(server: RunningServer, eventBytes: number, signal: AbortSignal): Promise<Found> {
  const { port } = server
  const deliveries = new Deliveries()
  const wires = await openWires(SETTINGS.subscribers, index => ({
    port,
    dialect: echoDialect,
    onText: text => deliveries.take(index, text),
  }))
  const head = (index: number) => `{"title":"Event ${index}"`
  const publish = (index: number) => wires[0]?.write(rawFrame(Buffer.from(head(index).padEnd(eventBytes, ' '))))
  try {
    return await run({ server, deliveries, publish, signal })
  } finally {
    for (const wire of wires) wire.reset()
  }
}

/** Checks that every subscriber gets each event at its place. */
class Deliveries {
  count = 0
  eventBytes = 0
  private readonly next = new Map<number, number>()

  take(subscriber: number, text: string): void {
    const expected = this.next.get(subscriber) ?? 0
    if (!text.includes(`"title":"Event ${expected}"`)) {
      throw new Error(`subscriber ${subscriber} got ${text.slice(0, 200)} in place of event ${expected}`)
    }
    this.next.set(subscriber, expected + 1)
    this.eventBytes = text.length
    this.count++
  }
}

interface Run {
  readonly server: RunningServer
  readonly deliveries: Deliveries
  readonly publish: (index: number) => void
  readonly signal: AbortSignal
}

async function run({ server, deliveries, publish, signal }: Run): Promise<Found> {
  const { subscribers, events, warmup, window } = SETTINGS
  const cpuMs = () => processCpuMs(server.pid) ?? Number.NaN
  let from = { wallMs: performance.now(), cpuMs: cpuMs() }
  for (let index = 0; index < warmup + events; index++) {
    if (index === warmup) {
      await until('the warm-up', () => deliveries.count === warmup * subscribers, { signal })
      from = { wallMs: performance.now(), cpuMs: cpuMs() }
    }
    publish(index)
    await until('deliveries', () => deliveries.count >= (index + 1 - window) * subscribers, { signal })
  }
  await until('all deliveries', () => deliveries.count === (warmup + events) * subscribers, { signal })
  const count = events * subscribers
  return {
    perSecond: (count * 1000) / (performance.now() - from.wallMs),
    serverCpuMicros: ((cpuMs() - from.cpuMs) * 1000) / count,
    eventBytes: deliveries.eventBytes,
  }
}
