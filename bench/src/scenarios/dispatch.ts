import { CommandRing } from '../lib/command-ring.js'
import { measureOneByOne, measurePaced } from '../lib/latency.js'
import { LoadGroup } from '../lib/load-group.js'
import { processCpuMs } from '../lib/process-cpu.js'
import { withServer } from '../lib/server-process.js'
import { percentiles } from '../lib/statistics.js'
import { measureThroughput } from '../lib/throughput.js'
import { type Library, withLibrary } from '../lib/with-library.js'
import { PEERS, type Peer } from '../peers/peers.js'
import { dispatchGoals, type Measurement, summarize, summaryText } from './dispatch-summary.js'
import type { JudgedOutcome, Scenario, ScenarioOptions } from './scenario.js'

const SETTINGS = {
  connections: 50,
  window: 64,
  pacedPerSecond: 5_000,
  warmupMs: 1_500,
  throughputMs: 3_000,
  latencyWarmupMs: 300,
  latencyMs: 2_000,
} as const

/** The round trip of cheap commands: what protocol, checks and dispatch cost. */
export const dispatch: Scenario = options => withLibrary(options.signal, library => measureAll(options, library))

async function measureAll(
  { rounds, peers, signal, progress }: ScenarioOptions,
  library: Library,
): Promise<JudgedOutcome> {
  const measurements: Measurement[] = []
  for (let round = 1; round <= rounds; round++) {
    // Every server once per round, so that whatever else the machine does meets all of them alike.
    for (const peer of peers) {
      progress(`round ${round} of ${rounds}: ${PEERS[peer].what}`)
      measurements.push({ round, peer, ...(await measure(PEERS[peer], library, signal)) })
    }
  }
  const summary = summarize(measurements)
  return {
    data: { settings: SETTINGS, summary, measurements },
    text: summaryText(summary),
    goals: dispatchGoals(summary),
  }
}

function measure(
  peer: Peer,
  { folder, videoId }: Library,
  signal: AbortSignal,
): Promise<Omit<Measurement, 'round' | 'peer'>> {
  const { connections, window, pacedPerSecond, warmupMs, throughputMs, latencyWarmupMs, latencyMs } = SETTINGS
  const dialect = typeof peer.dialect === 'function' ? peer.dialect(videoId) : peer.dialect
  const environment = { CUEWIRE_DATA_DIR: folder, ...peer.environment }
  return withServer({ command: peer.command, signal, environment }, async ({ pid, port }) => {
    const target = { port, dialect, ring: new CommandRing(dialect) }
    const latency = { warmupMs: latencyWarmupMs, durationMs: latencyMs }

    const throughput = await LoadGroup.with({ target, count: connections, signal }, group =>
      measureThroughput(group, {
        window,
        warmupMs,
        durationMs: throughputMs,
        serverCpuMs: () => processCpuMs(pid),
      }),
    )
    const oneByOne = await LoadGroup.with({ target, count: 1, signal }, group => measureOneByOne(group, latency))
    const paced = await LoadGroup.with({ target, count: connections, signal }, group =>
      measurePaced(group, { ...latency, perSecond: pacedPerSecond }),
    )
    return { throughput, oneByOne: percentiles(oneByOne), paced: percentiles(paced) }
  })
}
