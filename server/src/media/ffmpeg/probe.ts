import { LIMITS, type MediaInfo, type MediaWarning, type Seconds } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { toText } from '../../lib/text.js'
import type { TrackWishes } from '../media-tools.js'
import type { Binaries } from './binaries.js'
import type { Unheard } from './choose-streams.js'
import { encryptedFile } from './failure.js'
import { firstPastEnd, usableChapters } from './file-chapters.js'
import { MAX_PIXELS } from './input.js'
import { choosing, type InspectedFile } from './inspect.js'
import { listen } from './listen.js'
import { mediaTime } from './probe-output.js'
import type { Inspector } from './remembered-inspect.js'
import { MAX_SECONDS, settleLength } from './settle-length.js'

interface ProbeRequest {
  readonly file: string
  readonly wishes: TrackWishes
}

/**
 * Probes a file, up to the point to which audio and video can really be read. Problems that do not stop processing
 * become warnings.
 */
export async function probe(
  { ffmpeg, ffprobe, inspect }: Pick<Binaries, 'ffmpeg' | 'ffprobe'> & Inspector,
  { file, wishes }: ProbeRequest,
  signal?: AbortSignal,
): Promise<MediaInfo> {
  const asked = choosing(await inspect(ffprobe, file, signal), wishes)
  const { sounds, duration: declared } = asked
  // With a single track, or one that was requested, there is no choice.
  const unheard =
    wishes.listen && sounds.length > 1 ? await listen({ ffmpeg }, { file, sounds, duration: declared }, signal) : []
  const inspected = choosing(asked, { ...wishes, unheard })
  const { duration, encrypted, warning } = await settleLength(ffprobe, file, { inspected, signal })
  const media = withoutEncrypted(inspected, encrypted)
  if (!media.video && !media.audio) throw encryptedFile()
  checkLimits(media, duration)
  const warnings: MediaWarning[] = [
    ...(warning ? [warning] : []),
    ...encryptedStreams(inspected, encrypted),
    ...skippedTracks(inspected, unheard),
    ...(inspected.tooManyChapters ? [TOO_MANY_CHAPTERS] : []),
    // In a file that is cut short, the end is missing; the chapters are not wrong.
    ...(warning ? [] : chaptersPastEnd(inspected, duration)),
  ]
  const length = mediaTime(duration)
  const chapters = usableChapters(inspected.chapters, length)
  return { ...media, duration: length, chapters, ...(warnings.length > 0 && { warnings }) }
}

const TOO_MANY_CHAPTERS: MediaWarning = {
  code: 'chapters_ignored',
  message:
    'The chapters of the file were not read, because their list is too long; chapters are made from what is said and shown. ' +
    'To keep them, upload the file with fewer chapters or shorter titles.',
}

function chaptersPastEnd({ chapters }: InspectedFile, duration: Seconds): readonly MediaWarning[] {
  const first = firstPastEnd(chapters, duration)
  if (first === undefined) return []
  const message =
    `A chapter is marked at ${first.toFixed(1)} s, after the end of the file, and left out. ` +
    'Correct the chapter times in the file and upload it again to have all of its chapters.'
  return [{ code: 'chapters_ignored', message }]
}

function withoutEncrypted({ media, videoIndex, audioIndex }: InspectedFile, encrypted: ReadonlySet<number>) {
  const { video, audio, ...rest } = media
  return {
    ...rest,
    ...(video && !encrypted.has(videoIndex ?? -1) && { video }),
    ...(audio && !encrypted.has(audioIndex ?? -1) && { audio }),
  }
}

function encryptedStreams(
  { videoIndex, audioIndex }: InspectedFile,
  encrypted: ReadonlySet<number>,
): readonly MediaWarning[] {
  const warn = (what: string): MediaWarning => ({
    code: 'stream_encrypted',
    message: `${what} is encrypted (DRM) and the key is not in the file, so it is skipped; to use it, upload the file decrypted.`,
  })
  return [
    ...(encrypted.has(videoIndex ?? -1) ? [warn('The picture')] : []),
    ...(encrypted.has(audioIndex ?? -1) ? [warn('The sound')] : []),
  ]
}

/** Warns of tracks in which nothing was heard, if another one is used. */
function skippedTracks({ audioIndex, media }: InspectedFile, unheard: readonly Unheard[]): readonly MediaWarning[] {
  const skipped = unheard.some(({ index }) => index === audioIndex) ? [] : unheard
  return skipped.map(({ index, fault }) => {
    const codec = media.sounds?.find(sound => sound.index === index)?.codec
    const why = fault === undefined ? 'is silent' : `cannot be decoded (${fault})`
    const message = `Sound track ${index} (codec ${codec}) ${why}, so track ${audioIndex} is used. To use it nevertheless, name it in \`tracks\` of processing.start.`
    return { code: 'track_skipped', message: toText(message, LIMITS.reasonLength) }
  })
}

function checkLimits({ video }: Pick<MediaInfo, 'video'>, duration: number): void {
  if (duration > MAX_SECONDS) {
    throw new AppError(
      'media.unreadable',
      `The file claims to last over ${MAX_SECONDS / 3600} hours; its timestamps may be damaged.`,
    )
  }
  if (video && video.width * video.height > MAX_PIXELS) {
    const size = `${video.width}x${video.height}`
    throw new AppError(
      'media.unreadable',
      `The picture is ${size}, more than the ${MAX_PIXELS} pixels this server decodes; upload a smaller version.`,
    )
  }
}
