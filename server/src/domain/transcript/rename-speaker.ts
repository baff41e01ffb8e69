import type { Id } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import type { SpeakerChange, Store } from '../../storage/store.js'
import { draft } from '../event-drafts.js'

/**
 * Renames a speaker in the transcript of a video, announces it, and returns the number of sentences changed. Throws
 * `video.not_found` or `speaker.not_found`.
 */
export function renameSpeaker(
  store: Pick<Store, 'atomically'>,
  videoId: Id,
  { from, to }: SpeakerChange,
): Promise<number> {
  return store.atomically(async ({ videos, content, events }) => {
    if (!(await videos.has(videoId)))
      throw new AppError('video.not_found', 'There is no video with this id; video.list lists them.')
    const segments = await content.renameSpeaker(videoId, { from, to })
    if (segments === 0)
      throw new AppError(
        'speaker.not_found',
        'No sentence of the video has a speaker with this name; transcript.get gives the names as they are spelt.',
      )
    await events.append([draft(`video/${videoId}`, 'speakers.renamed', { videoId, from, to })])
    return segments
  })
}
