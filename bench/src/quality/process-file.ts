import type { Client } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import type { Job, Video } from '@cuewire/protocol'

/** Uploads a file and waits until it is processed; throws if that fails. */
export async function processFile(client: Client, file: string): Promise<{ readonly video: Video; readonly job: Job }> {
  const video = await uploadFile(client, file)
  for await (const event of client.subscribe(`video/${video.id}`, { since: 0 })) {
    if (event.type === 'processing.failed') throw new Error(`${file}: ${event.data.job.error?.message}`)
    if (event.type === 'processing.completed') return { video, job: event.data.job }
  }
  throw new Error(`${file}: the events ended before the job did`)
}
