import { atLeast, type Goal } from '../lib/goal.js'
import { type Percentiles, type Repeated, repeated } from '../lib/statistics.js'
import { table } from '../lib/table.js'
import type { Throughput } from '../lib/throughput.js'
import type { PeerName } from '../peers/peers.js'

/** One server, measured once in every way; latencies in microseconds. */
export interface Measurement {
  readonly round: number
  readonly peer: PeerName
  readonly throughput: Throughput
  readonly oneByOne: Percentiles
  readonly paced: Percentiles
}

/** What is compared with what, and the ratio it should reach, if any is set. */
const COMPARED: readonly { readonly ours: PeerName; readonly theirs: PeerName; readonly target?: number }[] = [
  { ours: 'cuewire', theirs: 'uws-json-ajv', target: 0.85 },
  { ours: 'cuewire', theirs: 'ws-json', target: 3 },
  { ours: 'cuewire', theirs: 'socket-io', target: 4 },
  { ours: 'cuewire-get', theirs: 'uws-sqlite', target: 0.7 },
  { ours: 'cuewire-refused', theirs: 'cuewire' },
]

const LATENCIES = ['p50', 'p90', 'p99', 'p999'] as const
type Latency = Readonly<Record<(typeof LATENCIES)[number], Repeated>>

/** One server over all rounds; latencies in microseconds. */
export interface PeerSummary {
  readonly peer: PeerName
  readonly perSecond: Repeated
  readonly generatorCpuShare: Repeated
  readonly serverCpuShare?: Repeated
  readonly serverCpuMicros?: Repeated
  readonly oneByOne: Latency
  readonly paced: Latency
}

/** One server against another: commands per second, and commands per CPU time, each compared within its round. */
export interface Comparison {
  readonly ours: PeerName
  readonly theirs: PeerName
  readonly target?: number
  readonly perSecond: Repeated
  readonly perCpu?: Repeated
}

export interface DispatchSummary {
  readonly peers: readonly PeerSummary[]
  readonly comparisons: readonly Comparison[]
}

export function summarize(measurements: readonly Measurement[]): DispatchSummary {
  const names = [...new Set(measurements.map(({ peer }) => peer))]
  const of = (name: PeerName) => measurements.filter(({ peer }) => peer === name)
  return {
    peers: names.map(name => summarizePeer(name, of(name))),
    comparisons: COMPARED.filter(({ ours, theirs }) => names.includes(ours) && names.includes(theirs)).map(pairing => ({
      ...pairing,
      ...compare(of(pairing.ours), of(pairing.theirs)),
    })),
  }
}

function summarizePeer(peer: PeerName, rounds: readonly Measurement[]): PeerSummary {
  const latency = (mode: 'oneByOne' | 'paced'): Latency => {
    const at = (name: (typeof LATENCIES)[number]) => repeated(rounds.map(round => round[mode][name]))
    return { p50: at('p50'), p90: at('p90'), p99: at('p99'), p999: at('p999') }
  }
  const serverCpuShare = defined(rounds.map(({ throughput }) => throughput.serverCpuShare))
  const serverCpuMicros = defined(rounds.map(({ throughput }) => throughput.serverCpuMicros))
  return {
    peer,
    perSecond: repeated(rounds.map(({ throughput }) => throughput.perSecond)),
    generatorCpuShare: repeated(rounds.map(({ throughput }) => throughput.generatorCpuShare)),
    ...(serverCpuShare && { serverCpuShare: repeated(serverCpuShare) }),
    ...(serverCpuMicros && { serverCpuMicros: repeated(serverCpuMicros) }),
    oneByOne: latency('oneByOne'),
    paced: latency('paced'),
  }
}

function compare(
  ours: readonly Measurement[],
  theirs: readonly Measurement[],
): Pick<Comparison, 'perSecond' | 'perCpu'> {
  const pairs = ours.flatMap(our => {
    const their = theirs.find(({ round }) => round === our.round)
    return their ? [{ our: our.throughput, their: their.throughput }] : []
  })
  const perCpu = defined(
    pairs.map(({ our, their }) =>
      our.serverCpuMicros === undefined || their.serverCpuMicros === undefined
        ? undefined
        : their.serverCpuMicros / our.serverCpuMicros,
    ),
  )
  return {
    perSecond: repeated(pairs.map(({ our, their }) => our.perSecond / their.perSecond)),
    ...(perCpu && { perCpu: repeated(perCpu) }),
  }
}

/** The values if there is one for every round. */
function defined(values: readonly (number | undefined)[]): number[] | undefined {
  const present = values.filter(value => value !== undefined)
  return present.length === values.length ? present : undefined
}

/** What has a target, with the spread over the rounds as the reason where it is missed. */
export function dispatchGoals({ comparisons }: DispatchSummary): Goal[] {
  return comparisons.flatMap(({ ours, theirs, target, perSecond: { median, min, max }, perCpu }) => {
    if (target === undefined) return []
    const cpu = perCpu ? `, ${perCpu.median.toFixed(2)} per CPU time` : ''
    const because = `rounds from ${min.toFixed(2)} to ${max.toFixed(2)}${cpu}`
    return [atLeast(`commands/s, ${ours} / ${theirs}`, target, { value: median, because })]
  })
}

/** The summary as tables for people. */
export function summaryText({ peers, comparisons }: DispatchSummary): string {
  const throughput = table([
    ['pipelined', 'commands/s', 'min..max', 'server us/command', 'server CPU', 'generator CPU'],
    ...peers.map(({ peer, perSecond, serverCpuMicros, serverCpuShare, generatorCpuShare }) => [
      peer,
      whole(perSecond.median),
      `${whole(perSecond.min)}..${whole(perSecond.max)}`,
      serverCpuMicros ? serverCpuMicros.median.toFixed(2) : '-',
      serverCpuShare ? percent(serverCpuShare.median) : '-',
      percent(generatorCpuShare.median),
    ]),
  ])
  const latency = (title: string, mode: 'oneByOne' | 'paced') =>
    table([
      [title, ...LATENCIES.map(name => name.replace('p999', 'p99.9'))],
      ...peers.map(summary => [summary.peer, ...LATENCIES.map(name => whole(summary[mode][name].median))]),
    ])
  const ratios = table([
    ['ratio', 'commands/s', 'min..max', 'per CPU time', 'target'],
    ...comparisons.map(({ ours, theirs, target, perSecond, perCpu }) => [
      `${ours} / ${theirs}`,
      perSecond.median.toFixed(2),
      `${perSecond.min.toFixed(2)}..${perSecond.max.toFixed(2)}`,
      perCpu ? perCpu.median.toFixed(2) : '-',
      target === undefined ? '-' : `>= ${target}`,
    ]),
  ])
  const tables = [
    throughput,
    latency('one at a time, us', 'oneByOne'),
    latency('50 connections, paced, us', 'paced'),
    ...(comparisons.length > 0 ? [ratios] : []),
  ]
  return tables.join('\n\n')
}

const whole = (value: number): string => Math.round(value).toLocaleString('en')
const percent = (share: number): string => `${Math.round(share * 100)}%`
