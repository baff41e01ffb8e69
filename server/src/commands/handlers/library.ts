import { mapped } from '../../lib/awaitable.js'
import type { Handlers } from '../handler.js'
import { nextOf, pageOf } from './page.js'

type LibraryHandlers = Pick<Handlers, 'video.create' | 'video.list' | 'video.get' | 'video.update' | 'video.delete'>

export const libraryHandlers: LibraryHandlers = {
  'video.create': async (params, { services, traceparent }) => ({
    upload: await services.uploads.reserve({ ...params, traceparent }),
  }),

  'video.list': async (params, { services }) => {
    const page = await services.videos.list(pageOf(params))
    return { videos: page.items, ...nextOf(page) }
  },

  'video.get': ({ videoId }, { services }) => mapped(services.videos.get(videoId), video => ({ video })),

  'video.update': async ({ videoId, title }, { services }) => ({ video: await services.videos.rename(videoId, title) }),

  'video.delete': async ({ videoId }, { services }) => {
    await services.videos.remove(videoId)
    return { videoId }
  },
}
