import { type OwnServer, startServer } from '../lib/server-process.js'
import { until } from '../lib/until.js'
import type { Follower } from './follower.js'
import { workerOf } from './worker-of.js'

export const KILLED = ['gateway', 'worker', 'both'] as const
export type Killed = (typeof KILLED)[number]

/** How a kill went, in milliseconds from the start of the new process. */
export interface Kill {
  readonly killed: Killed
  /** Share of the job that was done. */
  readonly progress: number
  /** Until the port was open again; absent when it never was closed. */
  readonly listensMs?: number
  /** Until the first reply or event on a subscription of the client. */
  readonly resumedMs: number
  /** Until the client heard that the job runs again. */
  readonly goesOnMs: number
}

const GOES_ON_MS = 60_000

/** A gateway that starts its worker, on the same port and data folder each time. */
export interface Installation {
  server: OwnServer
  readonly options: Parameters<typeof startServer>[0]
}

/** Ends one process or both with SIGKILL, starts the gateway again if it was killed, and waits until the job goes on. */
export async function kill(killed: Killed, installation: Installation, follower: Follower): Promise<Kill> {
  const { signal } = installation.options
  const { progress } = follower
  const worker = await workerOf(installation.server.pid, signal)
  if (killed !== 'gateway') process.kill(worker, 'SIGKILL')
  if (killed !== 'worker') await installation.server.kill()
  else await workerOf(installation.server.pid, signal, worker)
  const since = performance.now()
  const goesOn = until('the job to go on', () => follower.startedAt > since, { signal, timeoutMs: GOES_ON_MS })
  if (killed === 'worker') {
    await goesOn
    const goesOnMs = follower.startedAt - since
    return { killed, progress, resumedMs: goesOnMs, goesOnMs }
  }
  const confirmed = follower.confirmed().then(() => performance.now() - since)
  installation.server = await startServer(installation.options)
  const listensMs = performance.now() - since
  const [confirmedMs] = await Promise.all([confirmed, goesOn])
  const goesOnMs = follower.startedAt - since
  return { killed, progress, listensMs, resumedMs: Math.min(confirmedMs, goesOnMs), goesOnMs }
}
