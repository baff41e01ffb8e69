import { rename, writeFile } from 'node:fs/promises'
import { AppError } from '../../lib/app-error.js'
import type { JobContext } from './stage.js'

/** Widest poster in pixels. */
const WIDTH = 1280
/** The poster shows the picture at this share of the video, as the first one is often black, */
const SHARE = 0.1
/** but not later than this many seconds. */
const LATEST = 10

/** Writes the picture that stands for a video; a video whose pictures cannot be seeked to has none. */
export async function makePoster(job: JobContext, signal: AbortSignal): Promise<void> {
  if (!job.info.video) return
  const at = Math.min(job.info.duration * SHARE, LATEST)
  const file = job.files.artefact(job.videoId, 'poster.jpg')
  try {
    const jpeg = await job.media.still(job.original, at, { width: WIDTH }, signal)
    await writeFile(`${file}.part`, jpeg)
    await rename(`${file}.part`, file)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'video.no_picture') throw error
    job.logger.warn({ videoId: job.videoId, at }, 'no picture for the poster')
  }
}
