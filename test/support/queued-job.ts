import type { JobRef } from '@cuewire/server/storage/server-store.js'
import type { Test } from 'tap'
import type { StoreFactory } from '../contract/store.js'
import { aJob, at, aVideo } from './entities.js'
import { FakeClock } from './fake-clock.js'

export const LEASE_MS = 1000

/** A claim by this owner. */
export const by = (owner: string, except: readonly JobRef[] = []) => ({
  owner,
  leaseMs: LEASE_MS,
  maxCrashes: 3,
  maxDeaths: 25,
  alone: true,
  except,
})

/** A store at second 100 of its clock, with one queued job. */
export async function withJob(t: Test, open: StoreFactory) {
  const clock = new FakeClock(Date.parse(at(100)))
  const { jobs, videos, content, server, tenant } = await open(t, clock)
  const video = aVideo({ state: 'ready' })
  await videos.insert(video, undefined)
  const { job } = await jobs.insert(aJob(video.id))
  return { jobs, videos, content, queue: server.queue, job, ref: { tenant, id: job.id }, clock }
}
