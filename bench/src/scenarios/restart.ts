import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atMost, type Goal } from '../lib/goal.js'
import { startServer } from '../lib/server-process.js'
import { percentiles } from '../lib/statistics.js'
import { table } from '../lib/table.js'
import { PEERS } from '../peers/peers.js'
import { type Content, type Difference, differences } from '../restart/content.js'
import { type Installation, KILLED, type Kill, type Killed } from '../restart/kill.js'
import { type JobRun, runJob } from '../restart/run-job.js'
import { makeSample } from '../sample/make-sample.js'
import type { Scenario } from './scenario.js'

/** A job is given up at the 25th death of a worker, and two of three kills are one. */
const KILLS_A_JOB = 20
const TARGET_MS = 2000
/** Below the ports that connections take: with nobody listening, one of them could have it. */
const PORTS = { from: 20_000, count: 10_000 } as const

/** A job beside one that was not disturbed. */
interface Compared extends Omit<JobRun, 'content'> {
  readonly disturbed: boolean
  readonly differences: readonly Difference[]
}

/** `kill -9` of gateway, worker and both at random moments of jobs, seen by a client that follows them. */
export const restart: Scenario = async ({ kills, signal, progress }) => {
  const { file } = await makeSample({ directory: join(tmpdir(), 'cuewire-sample'), signal })
  const port = PORTS.from + Math.floor(Math.random() * PORTS.count)
  const compared: Compared[] = []
  let undisturbed: Content | undefined

  const run = async (plan: readonly Killed[]) => {
    const { content, ...rest } = await onServer(port, signal, installation => runJob(installation, { file, plan }))
    undisturbed ??= content
    const found = { disturbed: plan.length > 0, ...rest, differences: differences(undisturbed, content) }
    compared.push(found)
    const unlike = found.differences.map(({ kind }) => kind).join(', ')
    progress(`${found.kills.length} kills: ${found.state}, ${unlike ? `unlike: ${unlike}` : 'same content'}`)
  }

  await run([])
  await run([])
  const plan = Array.from({ length: kills }, () => KILLED).flat()
  for (let from = 0; from < plan.length; from += KILLS_A_JOB) await run(plan.slice(from, from + KILLS_A_JOB))
  const data = { targetMs: TARGET_MS, killsAJob: KILLS_A_JOB, compared }
  return { data, text: summary(compared), goals: goalsOf(compared) }
}

async function onServer<T>(
  port: number,
  signal: AbortSignal,
  use: (installation: Installation) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-restart-'))
  const environment = { CUEWIRE_DATA_DIR: folder, CUEWIRE_PORT: String(port), CUEWIRE_LOG_LEVEL: 'fatal' }
  const options = { command: PEERS.cuewire.command, environment, signal }
  try {
    const installation = { server: await startServer(options), options }
    try {
      return await use(installation)
    } finally {
      await installation.server.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function goalsOf(compared: readonly Compared[]): Goal[] {
  const resumed = compared.flatMap(run => run.kills.flatMap(kill => kill.resumedMs ?? []))
  const topics = compared.flatMap(run => run.topics)
  const faults = topics.reduce((sum, { gaps, missing, twice }) => sum + gaps + missing + twice, 0)
  const unlike = compared.filter(run => run.state !== 'completed' || run.differences.length > 0)
  const { p50, max } = percentiles(resumed)
  const resume = { value: max, unit: ' ms', digits: 0, because: `p50 ${p50.toFixed(0)} ms` }
  return [
    atMost('resume after kill -9, longest', TARGET_MS, resume),
    atMost('gaps, events missing or twice after kill -9', 0, { value: faults, digits: 0 }),
    atMost('jobs not completed, or with other content, after kill -9', 0, { value: unlike.length, digits: 0 }),
  ]
}

function summary(compared: readonly Compared[]): string {
  return [times(compared), losses(compared)].join('\n\n')
}

function times(compared: readonly Compared[]): string {
  const kills = compared.flatMap(run => run.kills)
  return table([
    ['ms from the new process', 'kills', 'listens p50', 'resumed p50', 'max', 'target', 'job goes on p50', 'max'],
    ...KILLED.flatMap(what => {
      const own = kills.filter(({ killed }) => killed === what)
      if (own.length === 0) return []
      const of = (pick: (kill: Kill) => number | undefined) => own.flatMap(kill => pick(kill) ?? [])
      const listens = of(kill => kill.listensMs)
      const [resumed, goesOn] = [percentiles(of(kill => kill.resumedMs)), percentiles(of(kill => kill.goesOnMs))]
      return [
        [
          what,
          String(own.length),
          listens.length > 0 ? percentiles(listens).p50.toFixed(0) : '-',
          ...[resumed.p50, resumed.max].map(value => value.toFixed(0)),
          `< ${TARGET_MS}`,
          ...[goesOn.p50, goesOn.max].map(value => value.toFixed(0)),
        ],
      ]
    }),
  ])
}

function losses(compared: readonly Compared[]): string {
  return table([
    ['killed', 'jobs', 'completed', 'events', 'gaps', 'missing', 'twice', 'same content', 'unlike'],
    ...[false, true].flatMap(disturbed => {
      const own = compared.filter(run => run.disturbed === disturbed)
      if (own.length === 0) return []
      const topics = own.flatMap(run => run.topics)
      const sum = (key: 'events' | 'gaps' | 'missing' | 'twice') =>
        topics.reduce((total, topic) => total + topic[key], 0).toLocaleString('en')
      const unlike = own.flatMap(run => run.differences.map(({ kind }) => kind))
      return [
        [
          disturbed ? 'each in turn' : 'nothing',
          String(own.length),
          String(own.filter(({ state }) => state === 'completed').length),
          ...(['events', 'gaps', 'missing', 'twice'] as const).map(sum),
          `${own.filter(run => run.differences.length === 0).length} of ${own.length}`,
          [...new Set(unlike)].join(', ') || '-',
        ],
      ]
    }),
    ['target', '', 'all', '', '0', '0', '0', 'all', '-'],
  ])
}
