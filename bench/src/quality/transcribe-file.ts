import type { Client } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import type { StageStatus, TranscriptSegment } from '@cuewire/protocol'

/** The transcript of a file and how its stage ended. */
export interface Transcribed {
  readonly segments: readonly TranscriptSegment[]
  readonly stage: StageStatus
}

/** Uploads a file and waits for its transcript. */
export async function transcribeFile(client: Client, file: string): Promise<Transcribed> {
  const video = await uploadFile(client, file)
  for await (const event of client.subscribe(`video/${video.id}`, { since: 0 })) {
    if (event.type === 'processing.failed') throw new Error(`${file}: ${event.data.job.error?.message}`)
    if (event.type !== 'processing.completed') continue
    const stage = event.data.job.stages.find(({ name }) => name === 'transcript')
    if (!stage) break
    const { segments } = await client.transcript.get({ videoId: video.id, limit: 200 })
    return { segments, stage }
  }
  throw new Error(`${file}: the job ended without a transcript stage`)
}
