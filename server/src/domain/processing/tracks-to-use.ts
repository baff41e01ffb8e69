import type { MediaInfo, TrackChoice } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'

interface NumberedTrack {
  readonly index?: number
}

/**
 * The tracks of a job: those requested now, and those of the other kinds that were requested before. Throws
 * `command.invalid`, which names each number that is no such track.
 */
export function tracksToUse(media: MediaInfo, asked: TrackChoice): TrackChoice {
  const { video, audio, pictures = [], sounds = [], subtitles } = media
  const details = [
    ...faultOf('picture', asked.picture, pictures),
    ...faultOf('sound', asked.sound, sounds),
    ...faultOf('subtitles', asked.subtitles, subtitles),
  ]
  const [first] = details
  if (first) throw new AppError('command.invalid', `${first.pointer} ${first.message}`, { details })
  return {
    ...(video?.chosen === 'request' && video.index !== undefined && { picture: video.index }),
    ...(audio?.chosen === 'request' && audio.index !== undefined && { sound: audio.index }),
    ...asked,
  }
}

function faultOf(field: keyof TrackChoice, asked: number | undefined, tracks: readonly NumberedTrack[]) {
  const numbers = tracks.flatMap(({ index }) => index ?? [])
  if (asked === undefined || numbers.includes(asked)) return []
  const there = numbers.length > 0 ? `it has ${numbers.join(', ')}` : 'it has none'
  return [{ pointer: `/data/tracks/${field}`, message: `is not the number of such a track of the file: ${there}` }]
}
