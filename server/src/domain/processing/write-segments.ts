import type { TranscriptSegment } from '@cuewire/protocol'
import type { Store } from '../../storage/store.js'
import { draft } from '../event-drafts.js'
import type { JobContext } from './stage.js'

/** Stores sentences of the job's draft, and tells those who follow the video. */
export async function addSegments(
  store: Store,
  { videoId, jobId }: Pick<JobContext, 'videoId' | 'jobId'>,
  segments: readonly TranscriptSegment[],
): Promise<void> {
  if (segments.length === 0) return
  await store.content.addSegments(videoId, jobId, segments)
  await store.events.append(
    segments.map(segment => draft(`video/${videoId}`, 'transcript.segment', { videoId, segment })),
  )
}
