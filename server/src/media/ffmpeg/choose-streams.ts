import type { ProbedStream } from './probed-stream.js'

// Codecs of covers and thumbnails. A film may use one too, but not beside a stream in a film codec.
const IMAGE_CODECS = ['mjpeg', 'png', 'bmp', 'gif', 'tiff', 'webp', 'jpeg2000']

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

/** The video streams of a file, the film first: covers and thumbnails are excluded, and default streams preferred. */
export function rankPictures(streams: readonly ProbedStream[], hasSound: boolean): ProbedStream[] {
  const pictures = streams.filter(isPicture)
  const films = pictures.filter(stream => !isImage(stream))
  // A single image in a file with sound is its cover, even if it is not marked as one.
  const candidates = films.length > 0 ? films : pictures.filter(stream => !(hasSound && isSingle(stream)))
  return ranked(candidates, stream => [isKnown(stream), !isSingle(stream), isDefault(stream)])
}

/** The sound streams of a file: decodable ones first, then default ones. */
export const rankSounds = (streams: readonly ProbedStream[]): ProbedStream[] =>
  ranked(streams.filter(isSound), stream => [isKnown(stream), isDefault(stream)])

/** Sorts streams by the criteria, earlier ones first; otherwise keeps file order. */
function ranked(streams: ProbedStream[], criteria: (stream: ProbedStream) => readonly boolean[]): ProbedStream[] {
  const rank = (stream: ProbedStream) => criteria(stream).reduce((sum, holds) => sum * 2 + Number(holds), 0)
  return streams.sort((a, b) => rank(b) - rank(a))
}

const isPicture = (stream: ProbedStream) =>
  stream.codec_type === 'video' && !stream.disposition?.attached_pic && isCount(stream.width) && isCount(stream.height)

const isSound = (stream: ProbedStream) =>
  stream.codec_type === 'audio' && isCount(stream.channels) && isCount(Number(stream.sample_rate))

const isCount = (value: number | undefined) => value !== undefined && Number.isInteger(value) && value >= 1

const isKnown = ({ codec_name: codec }: ProbedStream) => codec !== undefined && codec !== 'unknown' && codec !== 'none'

const isDefault = (stream: ProbedStream) => stream.disposition?.default === 1

const isImage = (stream: ProbedStream) => IMAGE_CODECS.includes(stream.codec_name ?? '')

const isSingle = (stream: ProbedStream) => stream.nb_frames === '1'
