import type { ProbedStream } from './probed-stream.js'

// A cover or a thumbnail is kept in one of these. A film may be too, but not beside one in a codec for films.
const IMAGE_CODECS = ['mjpeg', 'png', 'bmp', 'gif', 'tiff', 'webp', 'jpeg2000']

/**
 * The streams of a file without one that ffprobe makes up where an FLV is cut within the header of a sound tag: it reads
 * the missing bytes as 0, which stands for PCM of 5.5 kHz.
 */
export function withoutPhantom(container: string, streams: readonly ProbedStream[]): readonly ProbedStream[] {
  if (container !== 'flv') return streams
  const isPhantom = (stream: ProbedStream) => stream.codec_name === 'pcm_u8' && stream.sample_rate === '5512'
  const real = streams.filter(stream => !(isSound(stream) && isPhantom(stream)))
  return real.some(isSound) ? real : streams
}

/** The pictures of a file, the film first: not a cover or a thumbnail, and rather one that is marked as the default. */
export function rankPictures(streams: readonly ProbedStream[], hasSound: boolean): ProbedStream[] {
  const pictures = streams.filter(isPicture)
  const films = pictures.filter(stream => !isImage(stream))
  // A single image beside sound is its cover, though the file does not say so.
  const candidates = films.length > 0 ? films : pictures.filter(stream => !(hasSound && isSingle(stream)))
  return ranked(candidates, stream => [isKnown(stream), !isSingle(stream), isDefault(stream)])
}

/** The sound streams of a file: first what can be decoded, and rather one that is marked as the default. */
export const rankSounds = (streams: readonly ProbedStream[]): ProbedStream[] =>
  ranked(streams.filter(isSound), stream => [isKnown(stream), isDefault(stream)])

/** In the order of the file, those of whom the earlier criteria are true before the others. */
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
