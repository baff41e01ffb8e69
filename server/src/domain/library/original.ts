import type { Id } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import type { Blobs, Lease, OpenBlob } from '../../storage/blobs.js'

/** The original of a video for reading; `record.damaged` when somebody has removed it from the disk. */
export async function openOriginal(blobs: Pick<Blobs, 'open'>, videoId: Id): Promise<OpenBlob> {
  const original = await blobs.open({ kind: 'original', id: videoId })
  if (original) return original
  throw originalGone(videoId)
}

/** The same as a local file, for a job: `stage.failed` when it is gone. */
export async function leaseOriginal(blobs: Pick<Blobs, 'size' | 'lease'>, videoId: Id): Promise<Lease> {
  const fault = await originalFault(blobs, videoId)
  if (fault) throw new AppError('stage.failed', fault.message, { cause: fault.cause })
  return await blobs.lease({ kind: 'original', id: videoId })
}

/** What to tell of an original that is gone; undefined when it is there. */
export async function originalFault(blobs: Pick<Blobs, 'size'>, videoId: Id): Promise<AppError | undefined> {
  return (await blobs.size({ kind: 'original', id: videoId })) === undefined ? originalGone(videoId) : undefined
}

function originalGone(videoId: Id): AppError {
  return new AppError(
    'record.damaged',
    'The stored file of the video is missing. Put it back from a backup, or delete the video with video.delete.',
    { cause: new Error(`the file of the video ${videoId} is missing`) },
  )
}
