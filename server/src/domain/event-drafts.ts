import type { EventData, EventName, Id, Topic, Video } from '@cuewire/protocol'
import type { EventDraft } from '../storage/event-log.js'

/** A reliable event, to be appended to the log with the change it tells of. */
export function draft<N extends EventName>(topic: Topic, type: N, data: EventData<N>): EventDraft {
  return { topic, type, data }
}

/** Tells those who follow the library and those who follow the video. */
export function videoEvents(type: 'video.created' | 'video.updated', video: Video): EventDraft[] {
  return [draft('library', type, { video }), draft(`video/${video.id}`, type, { video })]
}

export function videoDeleted(videoId: Id): EventDraft[] {
  return [draft('library', 'video.deleted', { videoId }), draft(`video/${videoId}`, 'video.deleted', { videoId })]
}
