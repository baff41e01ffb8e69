import type { Id, Video } from '@cuewire/protocol'
import type { Store, VideoChange } from '../../storage/store.js'
import { videoEvents } from '../event-drafts.js'

/** Changes a video and announces it. Undefined if it is gone or damaged. */
export function updateVideo(store: Pick<Store, 'atomically'>, id: Id, change: VideoChange): Promise<Video | undefined> {
  return store.atomically(async changes => {
    const video = await changes.videos.update(id, change)
    if (video) await changes.events.append(videoEvents('video.updated', video))
    return video
  })
}
