import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atMost } from '../lib/goal.js'
import { startServer } from '../lib/server-process.js'
import { repeated } from '../lib/statistics.js'
import { table } from '../lib/table.js'
import { PEERS } from '../peers/peers.js'
import type { Scenario } from './scenario.js'

const TARGET_MS = 1000
const STARTS = 5

interface Found {
  readonly listensMs: number
  readonly readyMs: number
}

/** How long a server with installed models and an empty data folder takes to start. */
export const startup: Scenario = async ({ signal, progress }) => {
  const found: Found[] = []
  for (let start = 1; start <= STARTS; start++) {
    progress(`start ${start} of ${STARTS}`)
    found.push(await measure(signal))
  }
  const [listens, ready] = [
    repeated(found.map(({ listensMs }) => listensMs)),
    repeated(found.map(({ readyMs }) => readyMs)),
  ]
  const row = (what: string, { median, min, max }: typeof ready, target: string) => [
    what,
    ...[median, min, max].map(value => value.toFixed(0)),
    target,
  ]
  const text = table([
    ['ms from the start of the process', 'median', 'min', 'max', 'target'],
    row('its port is open', listens, '-'),
    row('every part is ready', ready, `< ${TARGET_MS}`),
  ])
  const because = `the port alone is open after ${listens.median.toFixed(0)} ms`
  const goals = [atMost('start until ready', TARGET_MS, { value: ready.median, unit: ' ms', digits: 0, because })]
  return { data: { targetMs: TARGET_MS, found }, text, goals }
}

async function measure(signal: AbortSignal): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-startup-'))
  const began = performance.now()
  const { command } = PEERS.cuewire
  const server = await startServer({ command, environment: { CUEWIRE_DATA_DIR: folder }, signal })
  try {
    const listensMs = performance.now() - began
    const isReady = async () => (await fetch(`http://127.0.0.1:${server.port}/readyz`)).ok
    while (!(await isReady())) signal.throwIfAborted()
    return { listensMs, readyMs: performance.now() - began }
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
