import { chmod, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findBinaries } from '@cuewire/server/media/ffmpeg/binaries.js'
import { DEFAULT_PACKS } from '@cuewire/server/models/registry.js'
import { packDir } from '@cuewire/server/models/verify.js'
import { Database } from '@cuewire/server/storage/sqlite/driver.js'
import type { Test } from 'tap'
import { foreignSpeech, GERMAN } from '../../support/foreign-speech.js'
import { installedModels } from '../../support/models.js'
import { workerOf } from '../../support/processes.js'
import { startServer } from '../../support/server.js'
import { spawnServer } from '../../support/server-process.js'
import { testFolder } from '../../support/test-folder.js'
import { ask, Client } from '../client.js'
import { type Place, type Produce, patch, untilIdle, uploaded } from './place.js'

interface Job {
  readonly error?: { readonly code: string }
  readonly stages: readonly { readonly name: string; readonly state: string; readonly code?: string }[]
}

type FillModels = (folder: string) => Promise<void>

/** A server with folders that may be changed from outside. */
async function ownServer(t: Test, fillModels?: FillModels) {
  const folder = testFolder(t, { data: {}, models: {} })
  const models = join(folder, 'models')
  await fillModels?.(models)
  const settings = { CUEWIRE_DATA_DIR: join(folder, 'data'), CUEWIRE_MODELS_DIR: models, CUEWIRE_LOG_LEVEL: 'silent' }
  const { port } = await startServer(t, settings)
  return { port, data: join(folder, 'data'), client: await Client.open(t, port) }
}

async function ended(client: Client, videoId: string): Promise<Job> {
  const jobId = await untilIdle(client, videoId)
  const { data } = await client.command('processing.get', { jobId })
  return data?.['job'] as Job
}

/** The code of the stage `objects`, which the server's readiness has to give too. */
async function objectsCode(t: Test, { clip }: Place, fillModels?: FillModels) {
  const { port, client } = await ownServer(t, fillModels)
  const { stages } = await ended(client, await uploaded(client, port, clip))
  const objects = stages.find(({ name }) => name === 'objects')
  t.equal(objects?.state, 'skipped')
  const readiness = await ask(port, 'GET', '/readyz')
  t.equal(readiness.status, 503)
  const { parts } = JSON.parse(readiness.text) as { parts: { name: string; code?: string }[] }
  t.equal(parts.find(({ name }) => name === 'model objects')?.code, objects?.code)
  return objects?.code
}

/** Installs a pack, one byte of which is then changed. */
async function installDamaged(t: Test, folder: string): Promise<void> {
  const pack = packDir(folder, DEFAULT_PACKS.objects)
  await cp(packDir(await installedModels(t), DEFAULT_PACKS.objects), pack, { recursive: true })
  const [name = ''] = await readdir(pack)
  const bytes = await readFile(join(pack, name))
  bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000)
  await writeFile(join(pack, name), bytes)
}

/** The ffmpeg of this machine, reading at the pace of the film, so that a job lasts as long as that. */
async function slowFfmpeg(): Promise<string> {
  const { ffmpeg } = await findBinaries({})
  return `#!/bin/sh\ncase " $* " in *" -i "*) exec '${ffmpeg}' -re "$@";; *) exec '${ffmpeg}' "$@";; esac\n`
}

/** Until a worker has begun the job of a video for this many times, and a stage of it runs. */
async function untilAttempt(client: Client, videoId: string, attempt: number): Promise<void> {
  for (;;) {
    const { data } = await client.command('processing.list', { videoId })
    const [job] = (data?.['jobs'] ?? []) as { state: string; attempt: number; stages: { state: string }[] }[]
    const isRunning = job?.stages.some(({ state }) => state === 'running')
    if (job?.state === 'running' && job.attempt === attempt && isRunning) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** Errors that come from the state of the server, which PROTOCOL.md says how to change. */
export const faultErrors: Readonly<Record<string, Produce>> = {
  'model.missing': (t, place) => objectsCode(t, place),
  'model.corrupt': (t, place) => objectsCode(t, place, folder => installDamaged(t, folder)),
  'speech.unreadable': async t => {
    const folder = testFolder(t, { data: {} })
    const settings = { CUEWIRE_DATA_DIR: join(folder, 'data'), CUEWIRE_MODELS_DIR: await installedModels(t) }
    const { port } = await startServer(t, settings)
    const client = await Client.open(t, port)
    const sound = await readFile(await foreignSpeech(folder, [{ text: GERMAN, language: 'de' }], 'und'))
    const { data } = await client.command('video.create', { filename: 'german.mka', sizeBytes: sound.byteLength })
    const upload = data?.['upload'] as { videoId: string }
    await patch(port, upload.videoId, sound)
    const { stages } = await ended(client, upload.videoId)
    return stages.find(({ name }) => name === 'transcript')?.code
  },
  'job.crashed': async (t, { clip }) => {
    const folder = testFolder(t, { data: {}, models: {}, ffmpeg: await slowFfmpeg() })
    await chmod(join(folder, 'ffmpeg'), 0o755)
    const settings = { CUEWIRE_MODELS_DIR: join(folder, 'models'), FFMPEG_PATH: join(folder, 'ffmpeg') }
    const server = await spawnServer(t, join(folder, 'data'), settings)
    const client = await Client.open(t, server.port)
    const videoId = await uploaded(client, server.port, clip)
    for (let death = 1; death <= 3; death++) {
      await untilAttempt(client, videoId, death)
      process.kill(await workerOf(server.pid), 'SIGABRT')
    }
    const { error, stages } = await ended(client, videoId)
    t.equal(stages.find(({ state }) => state === 'failed')?.code, error?.code)
    return error?.code
  },
  'stage.failed': async (t, { clip }) => {
    const { port, data, client } = await ownServer(t)
    const videoId = await uploaded(client, port, clip)
    await untilIdle(client, videoId)
    await rm(join(data, 'tenants', 'default', 'videos', videoId, 'original'))
    await client.command('processing.start', { videoId })
    const { error, stages } = await ended(client, videoId)
    t.equal(stages.find(({ state }) => state === 'failed')?.code, error?.code)
    return error?.code
  },
  'record.damaged': async (t, { clip }) => {
    const { port, data, client } = await ownServer(t)
    const videoId = await uploaded(client, port, clip)
    await untilIdle(client, videoId)
    const database = new Database(join(data, 'cuewire.db'))
    database.prepare("update videos set media = '{' where id = ?").run(videoId)
    database.close()
    t.same((await client.command('video.list')).data, { videos: [] })
    const code = await client.codeOf('video.get', { videoId })
    t.equal(await client.codeOf('video.delete', { videoId }), 'reply')
    return code
  },
  'server.internal': async t => {
    const { data, client } = await ownServer(t)
    const database = new Database(join(data, 'cuewire.db'))
    database.exec('drop table chats')
    database.close()
    return client.codeOf('chat.list')
  },
}
