import type { EventData, EventName, Id, JobState, Video } from '@cuewire/protocol'
import type { Bus } from '../../bus/bus.js'
import type { JobWithVideo } from '../../storage/store.js'

const EVENT_OF_STATE = {
  queued: 'processing.queued',
  running: 'processing.started',
  completed: 'processing.completed',
  failed: 'processing.failed',
  cancelled: 'processing.cancelled',
} as const satisfies Record<JobState, EventName>

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

/** Announces the state a job has come to, and its video with it. */
export function announceState(bus: Bus, { job, video }: JobWithVideo): void {
  publishOfJob(bus, job, EVENT_OF_STATE[job.state], { job })
  if (video) announceVideo(bus, video)
}

/** Tells those who follow the library and those who follow the video. */
export function announceVideo(bus: Bus, video: Video): void {
  bus.publish('library', 'video.updated', { video })
  bus.publish(`video/${video.id}`, 'video.updated', { video })
}
