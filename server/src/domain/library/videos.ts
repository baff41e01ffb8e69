import type { Id, Video } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { type Awaitable, mapped } from '../../lib/awaitable.js'
import type { Blobs, MadeKey, OpenBlob } from '../../storage/blobs.js'
import type { Page, PageRequest, Store } from '../../storage/store.js'
import { videoDeleted } from '../event-drafts.js'
import type { Processing } from './processing.js'
import { updateVideo } from './update-video.js'

/** The videos of the library. An unfinished upload is not a video yet. */
export interface Videos {
  /** Newest first. */
  list(page: PageRequest): Promise<Page<Video>>
  /** Throws `video.not_found`. */
  get(id: Id): Awaitable<Video>
  rename(id: Id, title: string): Promise<Video>
  /** Stops its processing, then removes the video with its results and files. */
  remove(id: Id): Promise<void>
  /** The poster as JPEG. Throws `video.no_picture` if there is none, or none yet. The caller disposes of it. */
  poster(id: Id): Promise<OpenBlob>
  /** The sheet of small pictures as JPEG, or their times as WebVTT; as `poster`. */
  storyboard(id: Id, part: 'storyboard' | 'storyboardTimes'): Promise<OpenBlob>
}

export interface VideosOptions {
  readonly store: Pick<Store, 'videos' | 'atomically'>
  readonly blobs: Pick<Blobs, 'open'>
  readonly processing: Pick<Processing, 'stop'>
  /** Removes the files of a video whose row is gone. */
  readonly removeFiles: (id: Id) => Promise<void>
}

/** The library over its store and its blobs. */
export function createVideos({ store, blobs, processing, removeFiles }: VideosOptions): Videos {
  const get = (id: Id) => mapped(store.videos.get(id), video => video ?? notFound())

  const made = async (kind: MadeKey['kind'], id: Id) => {
    const blob = await blobs.open({ kind, id: (await get(id)).id })
    if (blob) return blob
    throw new AppError(
      'video.no_picture',
      `The video has no ${kind === 'poster' ? 'poster' : 'storyboard'}: it has no picture, or is not decoded yet; try again once its job is done.`,
    )
  }

  return {
    list: page => store.videos.list(page),
    get,

    async rename(id, title) {
      // A new title may repair a damaged record. If not, `get` reports the damage.
      return (await updateVideo(store, id, { title })) ?? (await get(id))
    },

    async remove(id) {
      await processing.stop(id)
      const removed = await store.atomically(async changes => {
        const wasThere = await changes.videos.remove(id)
        if (wasThere) await changes.events.append(videoDeleted(id))
        return wasThere
      })
      if (!removed) notFound()
      await removeFiles(id)
    },

    poster: id => made('poster', id),
    storyboard: (id, part) => made(part, id),
  }
}

function notFound(): never {
  throw new AppError('video.not_found', 'There is no video with this id; video.list lists them.')
}
