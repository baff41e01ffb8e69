import type { Handlers } from '../handler.js'
import { nextOf, pageOf } from './page.js'

type ProcessingHandlers = Pick<
  Handlers,
  'processing.start' | 'processing.cancel' | 'processing.retry' | 'processing.get' | 'processing.list'
>

export const processingHandlers: ProcessingHandlers = {
  'processing.start': async ({ videoId, stages, tracks }, { services, traceparent }) => ({
    job: await services.processing.enqueue(videoId, { stages, tracks, traceparent }),
  }),

  'processing.cancel': async ({ jobId }, { services }) => ({ job: await services.processing.cancel(jobId) }),

  'processing.retry': async ({ jobId }, { services, traceparent }) => ({
    job: await services.processing.retry(jobId, traceparent),
  }),

  'processing.get': async ({ jobId }, { services }) => ({ job: await services.processing.get(jobId) }),

  'processing.list': async (params, { services }) => {
    const page = await services.processing.list({ ...pageOf(params), videoId: params.videoId })
    return { jobs: page.items, ...nextOf(page) }
  },
}
