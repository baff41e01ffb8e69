import { AppError } from '../../lib/app-error.js'
import type { JobContext } from './stage.js'

/** Widest poster in pixels. */
const WIDTH = 1280
/** Position of the poster as a share of the video, because the first picture is often black, */
const SHARE = 0.1
/** but not later than this many seconds. */
const LATEST = 10

/** Writes the picture that stands for a video. */
export async function makePoster(job: JobContext, signal: AbortSignal): Promise<void> {
  if (!job.info.video) return
  for (const at of [Math.min(job.info.duration * SHARE, LATEST), 0]) {
    const jpeg = await stillOrNone(job, at, signal)
    if (!jpeg) continue
    await job.blobs.writePoster(job.videoId, jpeg)
    return
  }
  throw new AppError('video.no_picture', 'The video has no picture at its beginning.')
}

/** The picture at a time. Undefined if the pictures end earlier, for example because the audio is longer. */
async function stillOrNone(job: JobContext, at: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
  let jpeg: Uint8Array | undefined
  const request = {
    ...{ times: [at], width: WIDTH },
    picture: (_: number, picture: Uint8Array) => {
      jpeg = picture
    },
  }
  await using original = await job.leaseOriginal()
  await job.media.stills(original.path, job.info, request, signal)
  return jpeg
}
