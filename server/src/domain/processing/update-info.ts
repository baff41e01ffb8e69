import type { MediaInfo } from '@cuewire/protocol'
import { updateVideo } from '../library/update-video.js'
import type { JobContext } from './stage.js'

/** Saves what was learned about the file, for later stages and for the video. */
export async function updateInfo(job: JobContext, info: MediaInfo): Promise<void> {
  const { store, videoId } = job
  const changed = JSON.stringify(info) !== JSON.stringify(job.info)
  job.info = info
  if (!changed) return
  await updateVideo(store, videoId, { media: info })
}
