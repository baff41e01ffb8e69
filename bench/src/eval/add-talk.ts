import type { Video } from '@cuewire/protocol'
import { makeChapters } from '@cuewire/server/domain/processing/segment/chapters.js'
import type { Store } from '@cuewire/server/storage/store.js'
import { ulid } from 'ulid'
import type { Talk } from './talk.js'

/** Stores a talk as a video with transcript and chapters. */
export async function addTalk(store: Store, talk: Talk, title: string): Promise<Video> {
  const at = new Date().toISOString()
  const video: Video = {
    id: ulid(),
    title: `Video ${title.length}`,
    filename: 'talk.mp4',
    state: 'ready',
    sizeBytes: 1,
    media: { container: 'mp4', duration: talk.duration, subtitles: [], chapters: [] },
    createdAt: at,
    updatedAt: at,
  }
  await store.videos.insert(video, undefined)
  const jobId = ulid()
  await store.content.begin(video.id, 'transcript', jobId)
  await store.content.add(video.id, 'transcript', jobId, talk.segments)
  await store.content.complete(video.id, 'transcript', jobId)
  await store.content.begin(video.id, 'chapters', jobId)
  await store.content.add(video.id, 'chapters', jobId, makeChapters({ ...talk, shots: [] }))
  await store.content.complete(video.id, 'chapters', jobId)
  return video
}
