import type { TranscriptSegment } from '@cuewire/protocol'
import type { JobContext } from './stage.js'

/** Stores sentences of the job's draft, then tells those who follow the video. */
export async function addSegments(job: JobContext, segments: readonly TranscriptSegment[]): Promise<void> {
  if (segments.length === 0) return
  const { videoId, jobId } = job
  await job.store.content.addSegments(videoId, jobId, segments)
  for (const segment of segments) job.bus.publish(`video/${videoId}`, 'transcript.segment', { videoId, segment })
  await job.timeline.grew()
}
