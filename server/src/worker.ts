import type { Logger } from 'pino'
import { createSocketNotices } from './bus/socket-notices.js'
import type { Config } from './config/schema.js'
import { loadAhead } from './domain/processing/load-ahead.js'
import { Worker } from './domain/processing/worker.js'
import { Closers } from './lib/closers.js'
import { yieldToServer } from './lib/priority.js'
import { PROCESS_ID } from './lib/process-id.js'
import { databaseFile, mediaToolsOf, openParts, type Parts } from './parts.js'
import { openSqliteStore } from './storage/sqlite/open.js'
import { tenantPorts } from './tenant-ports.js'
import { WorkerProcess } from './worker-process.js'

/** How long a job stays leased to a worker that has stopped renewing the lease. */
const LEASE_MS = 15_000
/** Models most jobs need; the slowest to load comes first. */
const MODELS = ['speech', 'voiceActivity', 'objects'] as const

/** Starts the worker role: claims jobs of all tenants until it is closed. */
export function startWorker(parts: Parts): Worker {
  const { config, store, notices, media, models, text, clock, logger } = parts
  const portsOf = tenantPorts(parts)
  // Looked up now so that the first job does not wait. A failure here is reported again by the job that needs it.
  void Promise.allSettled([media.binaries(), models.status()])
  const worker = new Worker({
    jobs: store.queue,
    portsOf: tenant => ({
      ...portsOf(tenant),
      ...{ media, models, clock, text: text.jobs, frameRate: config.frameRate },
    }),
    owner: PROCESS_ID,
    leaseMs: LEASE_MS,
    concurrency: config.concurrency,
    logger,
  })
  notices.listen(notice => {
    if (notice.kind === 'expected') loadAhead(models, MODELS)
    if (notice.kind === 'queued') worker.wake()
    if (notice.kind === 'cancelled') worker.check({ tenant: notice.tenant, id: notice.jobId })
  })
  worker.start()
  return worker
}

/** Runs a worker as a child process, for gateways that start none, and restarts it when it dies. */
export async function superviseWorker(config: Config, logger: Logger): Promise<Closers> {
  const closers = new Closers()
  const store = closers.add(await openSqliteStore({ file: databaseFile(config), logger }))
  // A child without them would fail each job that it claims.
  await mediaToolsOf(config).binaries()
  closers.add(new WorkerProcess({ jobs: store.queue, logger })).start()
  return closers
}

/** The worker process, in which jobs run. It is the leader of a session. */
export async function runWorker(config: Config, logger: Logger): Promise<Closers> {
  yieldToServer()
  const closers = new Closers()
  try {
    const notices = await createSocketNotices({ ...config, logger })
    closers.add(startWorker(await openParts({ config, logger, notices, queryThreads: 0, closers })))
    return closers
  } catch (error) {
    await closers.close()
    throw error
  }
}
