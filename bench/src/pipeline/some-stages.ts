import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import type { Job, StageName } from '@cuewire/protocol'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import { startServer } from '../lib/server-process.js'
import { withClient } from '../lib/with-client.js'
import { PEERS } from '../peers/peers.js'
import { completedJob } from './follow-run.js'

const { command } = PEERS.cuewire

/** Runs a job with these stages only, which no client can ask for, and gives the job once it has completed. */
export async function runStages(file: string, stages: readonly StageName[], signal: AbortSignal): Promise<Job> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-stages-'))
  const environment = { CUEWIRE_DATA_DIR: folder }
  try {
    const gateway = await startServer({ command: [...command, '--role', 'gateway'], environment, signal })
    const { id } = await withClient(gateway.port, client => uploadFile(client, file)).finally(() => gateway.stop())
    await keepStages(join(folder, 'cuewire.db'), id, stages)
    const server = await startServer({ command, environment, signal })
    return await withClient(server.port, client => completed(client, id)).finally(() => server.stop())
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Seconds from the start of a job to its end. */
export function secondsOf({ startedAt = '', finishedAt = '' }: Job): number {
  return (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
}

async function keepStages(file: string, videoId: string, stages: readonly StageName[]): Promise<void> {
  const database = await openSqliteStore({ file })
  try {
    const { jobs } = database.for('default')
    for (const job of (await jobs.list({ videoId, limit: 1 })).items) {
      const kept = job.stages.filter(({ name }) => stages.includes(name))
      await jobs.setState(job.id, 'queued', { at: job.createdAt, stages: kept, progress: 0 })
    }
  } finally {
    await database.close()
  }
}

/** The job of a video, once it has completed. */
async function completed(client: Client, videoId: string): Promise<Job> {
  for await (const event of client.subscribe(`video/${videoId}`, { since: 0 })) {
    const job = completedJob(event)
    if (job) return job
  }
  throw new Error('the connection ended before the job did')
}
