import type { Id } from '@cuewire/protocol'
import { enqueue, type FinishOptions, finishUpload } from './finish-upload.js'

export interface RecoverOptions extends FinishOptions {
  readonly logger: { warn(data: object, message: string): void }
}

/**
 * Puts rows and files in line after a crash; call it before anything else writes. Whole uploads become videos, videos
 * follow their jobs, queued ones without a job get one, files and folders that belong to nothing are removed. What fails is logged and tried
 * again at the next start.
 */
export async function recoverLibrary(signal: AbortSignal, options: RecoverOptions): Promise<void> {
  const { store, files, logger } = options
  const attempt = async (id: Id, what: string, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      signal.throwIfAborted()
      logger.warn({ videoId: id, err: error }, `${what} failed after a restart`)
    }
  }

  const folders = new Set(await files.folders())
  const sizes = await files.uploadSizes()
  for (const { videoId, sizeBytes } of await store.uploads.list()) {
    if (!folders.has(videoId) && sizes.get(videoId) !== sizeBytes) continue
    await attempt(videoId, 'finishing an upload', async () => {
      const upload = await store.uploads.get(videoId)
      if (upload) await finishUpload(upload, signal, options)
    })
  }
  const uploading = new Set((await store.uploads.list()).map(({ videoId }) => videoId))
  for (const id of await files.uploads()) {
    if (!uploading.has(id)) await files.removeUpload(id)
  }
  const videos = new Set(await store.videos.ids())
  for (const id of await files.folders()) {
    if (!videos.has(id) && !uploading.has(id)) await files.remove(id)
  }
  for (const id of await store.videos.followJobs()) {
    logger.warn({ videoId: id }, 'the state of a video was not that of its job, and is now')
  }
  for (const id of await store.videos.withoutJob()) {
    await attempt(id, 'queueing a video', () => enqueue(id, options))
  }
}
