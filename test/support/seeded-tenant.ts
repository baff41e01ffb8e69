import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { folderBlobs } from '@cuewire/server/storage/folder/blobs.js'
import { openSqliteStore } from '@cuewire/server/storage/sqlite/open.js'
import { aJob, aSegment, at, aVideo, newId } from './entities.js'
import { putOriginal } from './put-blobs.js'

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
    await store.content.add(video.id, 'transcript', job.id, [{ ...aSegment(1, `the ${word} is here`), speaker: word }])
    await store.content.complete(video.id, 'transcript', job.id)
  }
  await server.close()
  const blobs = folderBlobs(dataDir).for(tenant)
  await putOriginal(blobs, video.id, `bytes of ${word}`)
  for (const kind of ['poster', 'storyboard', 'storyboardTimes'] as const)
    await blobs.write({ kind, id: video.id }, Buffer.from(`${kind} of ${word}`))
  return { videoId: video.id, jobId: job.id, chatId: chat.id }
}
