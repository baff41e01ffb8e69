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

/** The topics of a job and of its video. */
const topicsOf = ({ id, videoId }: JobIds) => [`job/${id}`, `video/${videoId}`] as const

/** An event about a job, to write in the transaction of the change it reports. */
export function jobEvents<N extends EventName>(job: JobIds, type: N, data: EventData<N>): EventDraft[] {
  return topicsOf(job).map(topic => draft(topic, type, data))
}

/** Events that announce the new state of a job and its video. */
export function stateEvents({ job, video }: JobWithVideo): EventDraft[] {
  return [...jobEvents(job, EVENT_OF_STATE[job.state], { job }), ...(video ? videoEvents('video.updated', video) : [])]
}

/** Publishes an event about a job without the log. */
export function publishOfJob<N extends EventName>(
  bus: Pick<Bus, 'publish'>,
  job: JobIds,
  { type, data, key }: { readonly type: N; readonly data: EventData<N>; readonly key: string },
): void {
  for (const topic of topicsOf(job)) bus.publish(topic, type, data, key)
}
