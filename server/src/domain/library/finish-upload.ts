import { stat } from 'node:fs/promises'
import type { Id, MediaInfo, Video } from '@cuewire/protocol'
import type { Bus } from '../../bus/bus.js'
import { AppError } from '../../lib/app-error.js'
import type { Clock } from '../../lib/clock.js'
import { errorShape } from '../../lib/error-shape.js'
import { ignoreMissing } from '../../lib/ignore-missing.js'
import type { MediaTools } from '../../media/media-tools.js'
import type { Store, UploadRow } from '../../storage/store.js'
import type { VideoFiles } from './files.js'
import type { Processing } from './processing.js'

export interface FinishOptions {
  readonly store: Pick<Store, 'uploads' | 'videos'>
  readonly files: VideoFiles
  readonly media: Pick<MediaTools, 'probe'>
  readonly bus: Pick<Bus, 'publish'>
  readonly processing: Pick<Processing, 'enqueue'>
  readonly clock: Pick<Clock, 'now'>
  /** Removes the files of a video or an upload whose row is gone. */
  readonly removeFiles: (id: Id) => Promise<void>
}

/**
 * Makes a video of an upload whose bytes are all here, and queues its processing. A file that is not readable media is
 * removed with its upload and the `media.*` error thrown; after any other failure the upload stays and may be finished
 * again. Each step can be the last before a crash: running this again continues from there.
 */
export async function finishUpload(upload: UploadRow, signal: AbortSignal, options: FinishOptions): Promise<void> {
  const { store, files, bus } = options
  const id = upload.videoId
  const moved = (await ignoreMissing(stat(files.original(id)))) !== undefined
  const media = await probe(upload, moved ? files.original(id) : files.upload(id), signal, options)
  if (!moved) await files.adopt(id)
  const video = toVideo(upload, media, options.clock.now())
  await store.uploads.complete(video)
  bus.publish('library', 'video.created', { video })
  bus.publish(`video/${id}`, 'video.created', { video })
  await enqueue(id, options, upload.traceparent)
}

/** Queues the first job of a video. With a full queue the video is there all the same, as `failed` with that reason. */
export async function enqueue(
  id: Id,
  { store, bus, processing }: Pick<FinishOptions, 'store' | 'bus' | 'processing'>,
  traceparent?: string,
): Promise<void> {
  try {
    await processing.enqueue(id, { traceparent })
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'queue.full')) throw error
    const video = await store.videos.update(id, { state: 'failed', error: errorShape(error) })
    if (video === undefined) return
    bus.publish('library', 'video.updated', { video })
    bus.publish(`video/${id}`, 'video.updated', { video })
  }
}

async function probe(
  { videoId }: UploadRow,
  file: string,
  signal: AbortSignal,
  { store, media, removeFiles }: FinishOptions,
): Promise<MediaInfo> {
  try {
    return await media.probe(file, signal)
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('media.')) {
      await store.uploads.remove(videoId)
      await removeFiles(videoId)
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
