import type { MediaInfo } from '@cuewire/protocol'
import { announceVideo } from './job-events.js'
import type { JobContext } from './stage.js'

/** Keeps what was learnt of the file, for the stages that follow and for the video. */
export async function updateInfo(job: JobContext, info: MediaInfo): Promise<void> {
  const { store, bus, videoId } = job
  const changed = JSON.stringify(info) !== JSON.stringify(job.info)
  job.info = info
  if (!changed) return
  const video = await store.videos.update(videoId, { media: info })
  if (video) announceVideo(bus, video)
}
