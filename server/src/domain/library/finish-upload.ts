import type { Id, MediaInfo, Video } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import type { Clock } from '../../lib/clock.js'
import { errorShape } from '../../lib/error-shape.js'
import type { MediaTools } from '../../media/media-tools.js'
import type { BlobKey, Blobs } from '../../storage/blobs.js'
import type { Store, UploadRow } from '../../storage/store.js'
import { videoEvents } from '../event-drafts.js'
import type { Processing } from './processing.js'
import { updateVideo } from './update-video.js'

export interface FinishOptions {
  readonly store: Pick<Store, 'uploads' | 'videos' | 'atomically'>
  readonly blobs: Blobs
  readonly media: Pick<MediaTools, 'probe'>
  readonly processing: Pick<Processing, 'enqueue'>
  readonly clock: Pick<Clock, 'now'>
  /** Removes the files of a video or an upload whose row is gone. */
  readonly removeFiles: (id: Id) => Promise<void>
}

/**
 * Turns a complete upload into a video and queues its processing. If the file is not readable media, removes it with
 * its upload and throws a `media.*` error. After any other failure the upload stays and can be finished again. If the
 * process crashes after any step, calling this again continues from there.
 */
export async function finishUpload(upload: UploadRow, signal: AbortSignal, options: FinishOptions): Promise<void> {
  const { store, blobs } = options
  const id = upload.videoId
  const adopted = (await blobs.size({ kind: 'original', id })) !== undefined
  const media = await probe({ kind: adopted ? 'original' : 'upload', id }, signal, options)
  if (!adopted) await blobs.adopt(id)
  const video = toVideo(upload, media, options.clock.now())
  await store.atomically(async changes => {
    await changes.uploads.complete(video)
    await changes.events.append(videoEvents('video.created', video))
  })
  await enqueue(id, options, upload.traceparent)
}

/** Queues the first job of a video. If the queue is full, the video is kept as `failed` with that error. */
export async function enqueue(
  id: Id,
  { store, processing }: Pick<FinishOptions, 'store' | 'processing'>,
  traceparent?: string,
): Promise<void> {
  try {
    await processing.enqueue(id, { traceparent })
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'queue.full')) throw error
    await updateVideo(store, id, { state: 'failed', error: errorShape(error) })
  }
}

async function probe(
  key: BlobKey,
  signal: AbortSignal,
  { store, blobs, media, removeFiles }: FinishOptions,
): Promise<MediaInfo> {
  try {
    await using file = await blobs.lease(key)
    return await media.probe(file.path, signal)
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('media.')) {
      await store.uploads.remove(key.id)
      await removeFiles(key.id)
    }
    throw error
  }
}

function toVideo(upload: UploadRow, media: MediaInfo, now: number): Video {
  const at = new Date(now).toISOString()
  return {
    id: upload.videoId,
    title: upload.title,
    filename: upload.filename,
    state: 'queued',
    sizeBytes: upload.sizeBytes,
    media,
    createdAt: at,
    updatedAt: at,
  }
}
