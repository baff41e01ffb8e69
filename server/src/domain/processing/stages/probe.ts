import { announceVideo } from '../job-events.js'
import type { JobContext, Stage } from '../stage.js'

/** Reads what the file is, and refuses what cannot be read. */
export const probe: Stage = {
  name: 'probe',
  needs: [],
  async run({ job, report }, signal) {
    report({ done: 0, total: 1, unit: 'steps' })
    const info = await job.media.probe(job.original, signal)
    const changed = JSON.stringify(info) !== JSON.stringify(job.info)
    job.info = info
    if (changed) await updateVideo(job)
    report({ done: 1, total: 1, unit: 'steps' })
    return { state: 'completed' }
  },
}

async function updateVideo({ store, bus, videoId, info }: JobContext): Promise<void> {
  const video = await store.videos.update(videoId, { media: info })
  if (video) announceVideo(bus, video)
}
