import type { EventData, EventName, Id, Job, JobState, Video } from '@cuewire/protocol'
import type { Bus } from '../../bus/bus.js'
import type { Store } from '../../storage/store.js'

const EVENT_OF_STATE = {
  queued: 'processing.queued',
  running: 'processing.started',
  completed: 'processing.completed',
  failed: 'processing.failed',
  cancelled: 'processing.cancelled',
} as const satisfies Record<JobState, EventName>

const VIDEO_STATE_OF = {
  queued: 'queued',
  running: 'processing',
  completed: 'ready',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<JobState, Video['state']>

/** Tells those who follow the job and those who follow its video. */
export function publishOfJob<N extends EventName>(
  bus: Bus,
  job: { readonly id: Id; readonly videoId: Id },
  type: N,
  data: EventData<N>,
  key?: string,
): void {
  bus.publish(`job/${job.id}`, type, data, key)
  bus.publish(`video/${job.videoId}`, type, data, key)
}

/** Brings the video into line with the state its job has come to, then announces both. */
export async function announceState(store: Store, bus: Bus, job: Job): Promise<void> {
  const video = await store.videos.update(job.videoId, {
    state: VIDEO_STATE_OF[job.state],
    jobId: job.id,
    error: job.error,
  })
  publishOfJob(bus, job, EVENT_OF_STATE[job.state], { job })
  if (video) announceVideo(bus, video)
}

/** Tells those who follow the library and those who follow the video. */
export function announceVideo(bus: Bus, video: Video): void {
  bus.publish('library', 'video.updated', { video })
  bus.publish(`video/${video.id}`, 'video.updated', { video })
}
