import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClientError, connect } from '@cuewire/client'
import { atMost, type Goal } from '../lib/goal.js'
import { pause } from '../lib/pause.js'
import { PingThread } from '../lib/ping-thread.js'
import { withServer } from '../lib/server-process.js'
import { type Percentiles, percentiles } from '../lib/statistics.js'
import { table } from '../lib/table.js'
import { PEERS } from '../peers/peers.js'
import { type Activity, activities } from '../stall/activities.js'
import { LIBRARY, LONG_HOURS, type Seeded, seed } from '../stall/seed.js'
import type { JudgedOutcome, Scenario, ScenarioOptions } from './scenario.js'

const SETTINGS = {
  targetMs: 20,
  searchMs: 50,
  /** Pings of 5 s are 1,000, so that p99.9 is not just the longest. */
  leastMs: 6_000,
  commandMs: 300_000,
  /** The server is done once no ping of a second has waited so long. */
  quietMs: 200,
  lookMs: 1_000,
  looks: 120,
} as const

interface Pings {
  readonly cuewire: PingThread
  readonly bare: PingThread
}

interface Found {
  readonly activity: string
  readonly pingMs: Percentiles
  /** The same pings to a bare server meanwhile: what the machine itself makes them wait. */
  readonly barePingMs: Percentiles
  /** How long each run of the activity took. */
  readonly tookMs: readonly number[]
  /** Of the runs that got no answer. */
  readonly failures: readonly string[]
}

/** How long pings wait while the server does something else: one row for each thing it does. */
export const stall: Scenario = async options => {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-stall-'))
  try {
    options.progress(`storing ${LIBRARY.hours} h of sentences and two long videos`)
    return await measureAll(options, folder, await seed(folder, options.progress))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureAll(
  { signal, progress }: ScenarioOptions,
  folder: string,
  seeded: Seeded,
): Promise<JudgedOutcome> {
  const found: Found[] = []
  const server = { command: PEERS.cuewire.command, environment: { CUEWIRE_DATA_DIR: folder }, signal }
  const bare = { command: PEERS['uws-json'].command, signal }
  await withServer(server, ({ port }) =>
    withServer(bare, async ({ port: barePort }) => {
      const client = await connect({ url: `ws://127.0.0.1:${port}`, timeoutMs: SETTINGS.commandMs })
      const pings = { cuewire: new PingThread(port), bare: new PingThread(barePort, 'echo') }
      try {
        for (const activity of await activities({ client, port, signal, ...seeded })) {
          const measured = await measure(activity, pings, signal)
          found.push(measured)
          const { p50, p999, max } = measured.pingMs
          progress(`${activity.name}: p50 ${p50.toFixed(1)}, p99.9 ${p999.toFixed(1)}, longest ${max.toFixed(1)} ms`)
        }
      } finally {
        await pings.cuewire.stop()
        await pings.bare.stop()
        await client.close()
      }
    }),
  )
  const data = { settings: SETTINGS, library: LIBRARY, longHours: LONG_HOURS, found }
  return { data, text: summary(found), goals: goalsOf(found) }
}

async function measure({ name, run, once }: Activity, pings: Pings, signal: AbortSignal): Promise<Found> {
  await takeBoth(pings)
  const tookMs: number[] = []
  const failures: string[] = []
  const began = performance.now()
  const elapsed = () => performance.now() - began
  do {
    signal.throwIfAborted()
    const startedAt = elapsed()
    await run().catch((error: unknown) => {
      if (!(error instanceof ClientError)) throw error
      failures.push(error.message)
    })
    tookMs.push(elapsed() - startedAt)
  } while (!once && failures.length === 0 && elapsed() < SETTINGS.leastMs)
  await pause(Math.max(0, SETTINGS.leastMs - elapsed()), signal)
  const [pingMs, barePingMs] = await takeUntilQuiet(pings, signal)
  return { activity: name, pingMs: percentiles(pingMs), barePingMs: percentiles(barePingMs), tookMs, failures }
}

/** The server may go on after its answer, or when the client has given up. */
async function takeUntilQuiet(pings: Pings, signal: AbortSignal): Promise<[number[], number[]]> {
  const [waits, bareWaits] = await takeBoth(pings)
  for (let looks = 0, longest = Math.max(...waits); longest > SETTINGS.quietMs && looks < SETTINGS.looks; looks++) {
    await pause(SETTINGS.lookMs, signal)
    const [more, moreBare] = await takeBoth(pings)
    longest = Math.max(...more)
    waits.push(...more)
    bareWaits.push(...moreBare)
  }
  return [waits, bareWaits]
}

const takeBoth = ({ cuewire, bare }: Pings) => Promise.all([cuewire.take(), bare.take()])

function goalsOf(found: readonly Found[]): Goal[] {
  const pings = found.map(({ activity, pingMs, barePingMs }) =>
    atMost(`ping p99.9 beside: ${activity}`, SETTINGS.targetMs, {
      value: pingMs.p999,
      unit: ' ms',
      digits: 1,
      because: `longest ${pingMs.max.toFixed(1)} ms; p99.9 of a bare server meanwhile ${barePingMs.p999.toFixed(1)} ms`,
    }),
  )
  const searches = found.filter(({ activity }) => activity.startsWith('search.query')).flatMap(one => one.tookMs)
  const search = { value: percentiles(searches).p99, unit: ' ms', digits: 1 }
  return [...pings, atMost(`search over ${LIBRARY.hours} h, p99`, SETTINGS.searchMs, search)]
}

function summary(found: readonly Found[]): string {
  const ms = (value: number) => value.toFixed(1)
  return table([
    [
      'ping beside, ms',
      'pings',
      'p50',
      'p99',
      'p99.9',
      'longest',
      'bare p99.9',
      'runs',
      'failed',
      'longest run',
      'target',
    ],
    ...found.map(({ activity, pingMs, barePingMs, tookMs, failures }) => [
      activity,
      pingMs.samples.toLocaleString('en'),
      ...[pingMs.p50, pingMs.p99, pingMs.p999, pingMs.max].map(ms),
      ms(barePingMs.p999),
      String(tookMs.length),
      String(failures.length),
      Math.max(...tookMs).toFixed(0),
      `p99.9 < ${SETTINGS.targetMs}`,
    ]),
  ])
}
