import type { EventData, EventName, Id, Topic, Video } from '@cuewire/protocol'
import type { EventDraft } from '../storage/event-log.js'

/** Makes a reliable event, to append to the log in the transaction of the change it reports. */
export function draft<N extends EventName>(topic: Topic, type: N, data: EventData<N>): EventDraft {
  return { topic, type, data }
}

/** The event on the topic of the library and on that of the video. */
export function videoEvents(type: 'video.created' | 'video.updated', video: Video): EventDraft[] {
  return [draft('library', type, { video }), draft(`video/${video.id}`, type, { video })]
}

export function videoDeleted(videoId: Id): EventDraft[] {
  return [draft('library', 'video.deleted', { videoId }), draft(`video/${videoId}`, 'video.deleted', { videoId })]
}
