import type { EventData, EventName, Id, JobState } from '@cuewire/protocol'
import type { Bus } from '../../bus/bus.js'
import type { EventDraft } from '../../storage/event-log.js'
import type { JobWithVideo } from '../../storage/store.js'
import { draft, videoEvents } from '../event-drafts.js'

const EVENT_OF_STATE = {
  queued: 'processing.queued',
  running: 'processing.started',
  completed: 'processing.completed',
  failed: 'processing.failed',
  cancelled: 'processing.cancelled',
} as const satisfies Record<JobState, EventName>

interface JobIds {
  readonly id: Id
  readonly videoId: Id
}

/** Those who follow a job, and those who follow its video. */
const topicsOf = ({ id, videoId }: JobIds) => [`job/${id}`, `video/${videoId}`] as const

/** An event of a job, to be written with what it tells of. */
export function jobEvents<N extends EventName>(job: JobIds, type: N, data: EventData<N>): EventDraft[] {
  return topicsOf(job).map(topic => draft(topic, type, data))
}

/** Tells the state a job has come to, and its video with it. */
export function stateEvents({ job, video }: JobWithVideo): EventDraft[] {
  return [...jobEvents(job, EVENT_OF_STATE[job.state], { job }), ...(video ? videoEvents('video.updated', video) : [])]
}

/** Tells of something in passing. */
export function publishOfJob<N extends EventName>(
  bus: Pick<Bus, 'publish'>,
  job: JobIds,
  { type, data, key }: { readonly type: N; readonly data: EventData<N>; readonly key: string },
): void {
  for (const topic of topicsOf(job)) bus.publish(topic, type, data, key)
}
