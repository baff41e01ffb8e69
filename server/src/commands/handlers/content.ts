import { timeline } from '../../domain/navigation/timeline.js'
import type { Handlers } from '../handler.js'
import { nextOf, pageOf } from './page.js'

type ContentHandlers = Pick<
  Handlers,
  'transcript.get' | 'transcript.put' | 'shots.get' | 'detections.get' | 'chapters.get' | 'timeline.get'
>

export const contentHandlers: ContentHandlers = {
  'transcript.get': async (params, { services }) => {
    await services.videos.get(params.videoId)
    const { start, end } = params
    const page = await services.store.content.segments(params.videoId, { ...pageOf(params), start, end })
    return { segments: page.items, ...nextOf(page) }
  },

  'transcript.put': async ({ videoId, subtitles }, { services, traceparent }) => ({
    job: await services.processing.putTranscript(videoId, subtitles, traceparent),
  }),

  'shots.get': async (params, { services }) => {
    await services.videos.get(params.videoId)
    const page = await services.store.content.shots(params.videoId, pageOf(params))
    return { shots: page.items, ...nextOf(page) }
  },

  'detections.get': async (params, { services }) => {
    await services.videos.get(params.videoId)
    const { content } = services.store
    const { videoId, start, end, label } = params
    const [page, labels] = await Promise.all([
      content.detections(videoId, { ...pageOf(params), start, end, label }),
      content.labels(videoId),
    ])
    return { frames: page.items, labels, ...nextOf(page) }
  },

  'chapters.get': async ({ videoId }, { services }) => {
    await services.videos.get(videoId)
    return { chapters: await services.store.content.chapters(videoId) }
  },

  'timeline.get': async ({ videoId, start, end, lanes }, { services }) => {
    const { media } = await services.videos.get(videoId)
    return { duration: media.duration, lanes: await timeline(services.store, videoId, { start, end, lanes }) }
  },
}
