import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VideoFiles } from '@cuewire/server/domain/library/files.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import { aJob, aSegment, at, aVideo, newId } from './entities.js'

/** Ids of what a tenant has. */
export interface Seeded {
  readonly videoId: string
  readonly jobId: string
  readonly chatId: string
}

/** Before the server starts: puts a video with its file, a job, a sentence and a chat into a tenant; `word` is in everything that can be read. */
export async function seedTenant(
  dataDir: string,
  tenant: string,
  { word, jobState }: { readonly word: string; readonly jobState: 'completed' | 'queued' },
): Promise<Seeded> {
  const files = new VideoFiles(dataDir, tenant)
  await mkdir(dataDir, { recursive: true })
  const server = await openSqliteStore({ file: join(dataDir, 'cuewire.db') })
  const store = server.for(tenant)
  const state = jobState === 'completed' ? 'ready' : 'queued'
  const video = aVideo({ title: word, filename: `${word}.mp4`, state })
  const job = aJob(video.id, { state: jobState })
  const chat = { id: newId(), title: word, videoIds: [video.id], createdBy: 'ada', createdAt: at(0), updatedAt: at(0) }
  await store.videos.insert({ ...video, jobId: job.id }, undefined)
  await store.jobs.insert(job)
  await store.chats.insert(chat)
  if (jobState === 'completed') {
    await store.content.begin(video.id, 'transcript', job.id)
    await store.content.add(video.id, 'transcript', job.id, [aSegment(1, `the ${word} is here`)])
    await store.content.complete(video.id, 'transcript', job.id)
  }
  await server.close()
  await mkdir(files.folder(video.id), { recursive: true })
  await writeFile(files.original(video.id), `bytes of ${word}`)
  await writeFile(files.artefact(video.id, 'poster.jpg'), `poster of ${word}`)
  return { videoId: video.id, jobId: job.id, chatId: chat.id }
}
