import type { Seconds } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import type { JobContext } from './stage.js'

/** Widest poster in pixels. */
const WIDTH = 1280

/** Writes the picture at a time, which stands for a video. */
export async function makePoster(job: JobContext, at: Seconds, signal: AbortSignal): Promise<void> {
  let poster: Uint8Array | undefined
  const picture = (_: Seconds, jpeg: Uint8Array) => {
    poster = jpeg
  }
  await using original = await job.leaseOriginal()
  await job.media.stills(original.path, job.info, { times: [at], width: WIDTH, picture }, signal)
  if (!poster) throw new AppError('video.no_picture', `There is no picture at ${at} s.`)
  await job.blobs.write({ kind: 'poster', id: job.videoId }, poster)
}
