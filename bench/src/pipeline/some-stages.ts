import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import type { Job, StageName } from '@cuewire/protocol'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import { startServer } from '../lib/server-process.js'
import { PEERS } from '../peers/peers.js'
import { completedJob } from './follow-run.js'

const { command } = PEERS.cuewire

/** Runs a job with these stages only, which no client can ask for, and gives the job once it has completed. */
export async function runStages(file: string, stages: readonly StageName[], signal: AbortSignal): Promise<Job> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-stages-'))
  const environment = { CUEWIRE_DATA_DIR: folder }
  try {
    const gateway = await startServer({ command: [...command, '--role', 'gateway'], environment, signal })
    const videoId = await upload(gateway.port, file).finally(() => gateway.stop())
    await keepStages(join(folder, 'cuewire.db'), videoId, stages)
    const server = await startServer({ command, environment, signal })
    return await jobOf(server.port, videoId).finally(() => server.stop())
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Seconds from the start of a job to its end. */
export function secondsOf({ startedAt = '', finishedAt = '' }: Job): number {
  return (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
}

async function upload(port: number, file: string): Promise<string> {
  const client = await connect(`ws://127.0.0.1:${port}`)
  try {
    return (await uploadFile(client, file)).id
  } finally {
    await client.close()
  }
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
async function jobOf(port: number, videoId: string): Promise<Job> {
  const client = await connect(`ws://127.0.0.1:${port}`)
  try {
    for await (const event of client.subscribe(`video/${videoId}`, { since: 0 })) {
      const job = completedJob(event)
      if (job) return job
    }
    throw new Error('the connection ended before the job did')
  } finally {
    await client.close()
  }
}
