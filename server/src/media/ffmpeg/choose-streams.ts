import type { ChoiceReason } from '@cuewire/protocol'
import type { TrackWishes } from '../media-tools.js'
import { isCount, isEncrypted, type ProbedStream, tag } from './probed-stream.js'
import { roleOf } from './track-role.js'

// Codecs of covers and thumbnails. A film may use one too, but not beside a stream in a film codec.
const IMAGE_CODECS = ['mjpeg', 'png', 'bmp', 'gif', 'tiff', 'webp', 'jpeg2000']

/** The streams of a kind, the one to use first, and why it is not simply the first of the file. */
export interface Ranking {
  /** Those to try in turn. */
  readonly streams: readonly ProbedStream[]
  /** Undefined if the first stream is used and nobody asked for it. */
  readonly reason?: ChoiceReason
}

/** A sound track in which nothing was heard. */
export interface Unheard {
  readonly index: number
  /** Why it cannot be decoded, in ffmpeg's words; undefined if it is silent. */
  readonly fault: string | undefined
}

/** Wishes, and the sound tracks in which nothing was heard. */
export interface SoundWishes extends TrackWishes {
  readonly unheard?: readonly Unheard[]
}

/** A property that makes a stream preferable, and the reason to give for it. */
type Criterion = readonly [ChoiceReason, (stream: ProbedStream) => boolean]

/**
 * Drops a stream that ffprobe invents when an FLV is cut within the header of a sound tag: it reads the missing bytes
 * as 0, which means PCM at 5.5 kHz.
 */
export function withoutPhantom(container: string, streams: readonly ProbedStream[]): readonly ProbedStream[] {
  if (container !== 'flv') return streams
  const isPhantom = (stream: ProbedStream) => stream.codec_name === 'pcm_u8' && stream.sample_rate === '5512'
  const real = streams.filter(stream => !(isSound(stream) && isPhantom(stream)))
  return real.some(isSound) ? real : streams
}

/** The video streams of a file in file order, without covers. */
export const picturesOf = (streams: readonly ProbedStream[]): ProbedStream[] => streams.filter(isPicture)

/** The sound streams of a file in file order. */
export const soundsOf = (streams: readonly ProbedStream[]): ProbedStream[] => streams.filter(isSound)

/** Ranks video streams, the film before its thumbnail and the default one first. */
export function rankPictures(pictures: readonly ProbedStream[], hasSound: boolean, wishes: TrackWishes = {}): Ranking {
  // A single image in a file with sound is its cover, even if it is not marked as one.
  const isCover = (stream: ProbedStream) => hasSound && isImage(stream) && isSingle(stream)
  const ranking = ranked(pictures, wishes.tracks?.picture, [
    ['film', stream => !isImage(stream)],
    ['decodable', isDecodable],
    ['film', stream => !isSingle(stream) && !isThumbnails(stream)],
    ['default', isDefault],
  ])
  if (ranking.reason === 'request') return ranking
  const hasFilm = pictures.some(stream => !isImage(stream))
  return { ...ranking, streams: ranking.streams.filter(stream => (hasFilm ? !isImage(stream) : !isCover(stream))) }
}

/** Ranks sound streams, the programme before comments on it, the original before a dubbed one, and the default one first. */
export function rankSounds(
  sounds: readonly ProbedStream[],
  { tracks, reads, unheard = [] }: SoundWishes = {},
): Ranking {
  const [silent, broken] = [unheard.filter(({ fault }) => fault === undefined), unheard.filter(({ fault }) => fault)]
  const isIn = (list: readonly Unheard[], stream: ProbedStream) => list.some(({ index }) => index === stream.index)
  const roles = new Map(sounds.map(stream => [stream, roleOf(stream)]))
  return ranked(sounds, tracks?.sound, [
    ['decodable', stream => isDecodable(stream) && !isIn(broken, stream)],
    ['audible', stream => !isIn(silent, stream)],
    ['programme', stream => roles.get(stream) === undefined || roles.get(stream) === 'dub'],
    ['original', stream => roles.get(stream) !== 'dub'],
    ['default', isDefault],
    ['language', stream => isReadable(stream, reads)],
  ])
}

/** Sorts streams by the criteria, earlier ones first; otherwise keeps file order. */
function ranked(streams: readonly ProbedStream[], asked: number | undefined, criteria: readonly Criterion[]): Ranking {
  const chosen = streams.find(stream => stream.index === asked)
  if (chosen) return { streams: [chosen], reason: 'request' }
  const rank = (stream: ProbedStream) => criteria.reduce((sum, [, holds]) => sum * 2 + Number(holds(stream)), 0)
  const sorted = streams.toSorted((a, b) => rank(b) - rank(a))
  const [[best], [first]] = [sorted, streams]
  const reason = best && first && criteria.find(([, holds]) => holds(best) && !holds(first))?.[0]
  return { streams: sorted, ...(reason && { reason }) }
}

// A language that is not marked may be any.
function isReadable(stream: ProbedStream, reads: TrackWishes['reads']): boolean {
  const language = tag(stream.tags, 'language')
  return reads === undefined || language === undefined || language === 'und' || reads(language)
}

const isPicture = (stream: ProbedStream) =>
  stream.codec_type === 'video' && !stream.disposition?.attached_pic && isCount(stream.width) && isCount(stream.height)

const isSound = (stream: ProbedStream) =>
  stream.codec_type === 'audio' && isCount(stream.channels) && isCount(Number(stream.sample_rate))

const isDecodable = (stream: ProbedStream) => isKnown(stream) && !isEncrypted(stream)

const isKnown = ({ codec_name: codec }: ProbedStream) => codec !== undefined && codec !== 'unknown' && codec !== 'none'

const isDefault = (stream: ProbedStream) => stream.disposition?.default === 1

const isImage = (stream: ProbedStream) => IMAGE_CODECS.includes(stream.codec_name ?? '')

const isSingle = (stream: ProbedStream) => stream.nb_frames === '1'

const isThumbnails = (stream: ProbedStream) => stream.disposition?.timed_thumbnails === 1
