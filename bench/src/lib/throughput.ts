import type { LoadGroup } from './load-group.js'
import { pause } from './pause.js'

/** How fast a server answered while its clients kept a full window of commands under way. */
export interface Throughput {
  readonly commands: number
  readonly perSecond: number
  /** CPU time of the load generator by wall time: at 1 it would be the bottleneck. */
  readonly generatorCpuShare: number
  /** CPU time of the server by wall time; absent where the system does not tell. */
  readonly serverCpuShare?: number
  /** CPU time of the server for one command: it says the same as `perSecond` but does not mind a busy machine. */
  readonly serverCpuMicros?: number
}

interface ThroughputOptions {
  /** Commands each connection has under way. */
  readonly window: number
  readonly warmupMs: number
  readonly durationMs: number
  readonly serverCpuMs: () => number | undefined
}

interface Reading {
  readonly received: number
  readonly wallMs: number
  readonly generatorCpuMs: number
  readonly serverCpuMs: number | undefined
}

/** Keeps the window of every connection full and counts the replies after the warm-up. */
export async function measureThroughput(group: LoadGroup, options: ThroughputOptions): Promise<Throughput> {
  const read = (): Reading => {
    const { user, system } = process.cpuUsage()
    return {
      received: group.received,
      wallMs: performance.now(),
      generatorCpuMs: (user + system) / 1000,
      serverCpuMs: options.serverCpuMs(),
    }
  }
  let stopping = false
  for (const connection of group.connections) {
    connection.onReplies = count => {
      if (!stopping) connection.send(count)
    }
    connection.send(options.window)
  }
  await pause(options.warmupMs, group.signal)
  const from = read()
  await pause(options.durationMs, group.signal)
  const to = read()
  stopping = true
  return throughputBetween(from, to)
}

function throughputBetween(from: Reading, to: Reading): Throughput {
  const commands = to.received - from.received
  const wallMs = to.wallMs - from.wallMs
  const rates = {
    commands,
    perSecond: (commands / wallMs) * 1000,
    generatorCpuShare: (to.generatorCpuMs - from.generatorCpuMs) / wallMs,
  }
  if (from.serverCpuMs === undefined || to.serverCpuMs === undefined) return rates
  const cpuMs = to.serverCpuMs - from.serverCpuMs
  return { ...rates, serverCpuShare: cpuMs / wallMs, serverCpuMicros: (cpuMs * 1000) / commands }
}
