import { stat } from 'node:fs/promises'
import type { Id, Video } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { ignoreMissing } from '../../lib/ignore-missing.js'
import type { Page, PageRequest, Store } from '../../storage/store.js'
import { videoDeleted } from '../event-drafts.js'
import type { VideoFiles } from './files.js'
import type { Processing } from './processing.js'
import { updateVideo } from './update-video.js'

/** The videos of the library; an unfinished upload is not one yet. */
export interface Videos {
  /** Newest first. */
  list(page: PageRequest): Promise<Page<Video>>
  /** Throws `video.not_found`. */
  get(id: Id): Promise<Video>
  rename(id: Id, title: string): Promise<Video>
  /** Stops its processing, then removes the video with its results and files. */
  remove(id: Id): Promise<void>
  /** The file that was uploaded. */
  original(id: Id): Promise<string>
  /** The JPEG of the poster; `video.no_picture` while, or when, there is none. */
  poster(id: Id): Promise<string>
}

export interface VideosOptions {
  readonly store: Pick<Store, 'videos' | 'atomically'>
  readonly files: VideoFiles
  readonly processing: Pick<Processing, 'stop'>
  /** Removes the files of a video whose row is gone. */
  readonly removeFiles: (id: Id) => Promise<void>
}

/** The library over its store and its files. */
export function createVideos({ store, files, processing, removeFiles }: VideosOptions): Videos {
  const get = async (id: Id) => (await store.videos.get(id)) ?? notFound()

  return {
    list: page => store.videos.list(page),
    get,

    async rename(id, title) {
      // A damaged record may be whole again with another title; one that is not is told by `get`.
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

    async original(id) {
      return files.original((await get(id)).id)
    },

    async poster(id) {
      const file = files.artefact((await get(id)).id, 'poster.jpg')
      if (await ignoreMissing(stat(file))) return file
      throw new AppError('video.no_picture', 'The video has no poster: it has no picture, or is not decoded yet.')
    },
  }
}

function notFound(): never {
  throw new AppError('video.not_found', 'There is no video of this id.')
}
