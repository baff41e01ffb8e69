import type { Client } from '@cuewire/client'
import type { StageStatus, TranscriptSegment } from '@cuewire/protocol'
import { processFile } from './process-file.js'

/** The transcript of a file and how its stage ended. */
export interface Transcribed {
  readonly segments: readonly TranscriptSegment[]
  readonly stage: StageStatus
}

/** Uploads a file and waits for its transcript. */
export async function transcribeFile(client: Client, file: string): Promise<Transcribed> {
  const { video, job } = await processFile(client, file)
  const stage = job.stages.find(({ name }) => name === 'transcript')
  if (!stage) throw new Error(`${file}: the job ended without a transcript stage`)
  const { segments } = await client.transcript.get({ videoId: video.id, limit: 200 })
  return { segments, stage }
}
