import type { MediaInfo, Seconds } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import type { DecodedStream, DecodeResult } from '../media-tools.js'
import { complaintsOf } from './complaints.js'
import type { Kind, Reached } from './decoder.js'
import { decodeFault } from './failure.js'
import { mediaTime } from './probe-output.js'
import type { ChildExit } from './run-child.js'

// How far before the end of the file a complete stream may stop: audio is padded and lengths are rounded.
const TOLERANCE_SECONDS = 3
const TOLERANCE_SHARE = 0.1
// Audio that exceeds the file by less than this is padding.
const PADDING_SECONDS = 0.5
const LONGEST_FRAME_SECONDS = 1
// Audio this short may have no sample at 16 kHz.
const SHORTEST_SOUND_SECONDS = 0.05

const UNFIT_SOUND =
  'The sound is skipped: it has more than 64 channels, which ffmpeg cannot mix, or fewer than 2000 samples per second, too few for speech.'

const NOTHING_FOUND = 'ffmpeg found nothing in it.'

/** The end of the last ffmpeg that worked on a kind; no exit if no stream of the kind was worth trying. */
export interface Ending {
  readonly kind: Kind
  readonly exit?: ChildExit
  /** Number of the stream it read. */
  readonly stream?: number
  /** Those of the streams tried before it, which yielded nothing. */
  readonly before: readonly Ending[]
}

/** A file, and how far it was decoded. */
interface Decoded {
  readonly file: string
  readonly media: MediaInfo
  readonly reached: Reached
}

/** Summarises a pass: the outcome of each kind, and the actual length of the file. */
export function decodeResult(decoded: Decoded, endings: readonly Ending[]): DecodeResult {
  const { media, reached } = decoded
  const [picture, sound] = (['picture', 'sound'] as const).map(kind => endings.find(ending => ending.kind === kind))
  const whole = Boolean(media.video) === Boolean(picture) && Boolean(media.audio) === Boolean(sound)
  const duration = whole ? lengthOf(media, reached) : media.duration
  return {
    ...(picture && { picture: streamOf(picture, decoded, duration) }),
    ...(sound && { sound: streamOf(sound, decoded, duration) }),
    duration,
  }
}

function streamOf(ending: Ending, decoded: Decoded, duration: Seconds): DecodedStream {
  const skipped = ending.before.map(each => skippedFault(each, decoded))
  const track = {
    ...(ending.stream !== undefined && { track: ending.stream }),
    ...(skipped.length > 0 && { skipped }),
  }
  const reason = ending.exit && reasonOf(ending, ending.exit, decoded)
  const isInaudible = isTooShortToHear(ending, decoded, reason)
  const fault = isInaudible ? undefined : faultOf(ending, decoded, reason)
  const last = isInaudible ? 0 : decoded.reached[ending.kind]
  if (last === undefined) return { ...track, ...(fault && { fault }) }
  const isHeld = ending.kind === 'picture' && !(fault && endsEarly(last, duration))
  return { ...track, end: isHeld ? Math.max(last, duration) : last, ...(fault && { fault }) }
}

function skippedFault(ending: Ending, decoded: Decoded): AppError {
  const { kind, exit, stream } = ending
  const why = exit && reasonOf(ending, exit, decoded).why
  const codec = codecOf(ending, decoded.media)
  const message = `The ${kind} track ${stream} (codec ${codec}) cannot be decoded and is skipped: ${why ?? NOTHING_FOUND}`
  return new AppError('media.unreadable', message, { cause: new Error(exit?.stderr) })
}

/** The codec of the stream that was read. */
function codecOf({ kind, stream }: Ending, { video, audio, pictures = [], sounds = [] }: MediaInfo): string {
  const [used, all] = kind === 'picture' ? [video, pictures] : [audio, sounds]
  return (all.find(({ index }) => index === stream) ?? used)?.codec ?? ''
}

function faultOf(ending: Ending, { media, reached }: Decoded, reason: Reason | undefined): AppError | undefined {
  const { kind, exit } = ending
  if (!exit || !reason) return new AppError('media.unreadable', UNFIT_SOUND)
  const cause = new Error(exit.stderr)
  const { why, isOwn } = reason
  if (reached[kind] === undefined) {
    const message = `The ${kind} (codec ${codecOf(ending, media)}) cannot be decoded: ${why ?? NOTHING_FOUND}`
    return new AppError('media.unreadable', message, { cause })
  }
  if (why) {
    return new AppError('media.unreadable', `Not all of the ${isOwn ? kind : 'file'} could be decoded: ${why}`, {
      cause,
    })
  }
  if (!isShort(media, reached) || hasLooseClock(media)) return undefined
  const [says, is] = [media.duration, endOf(media, reached)].map(seconds => seconds.toFixed(1))
  return new AppError(
    'media.truncated',
    `The file ends after ${is} s, though its header says ${says} s; the rest is missing.`,
  )
}

interface Reason {
  /** Undefined if ffmpeg reported nothing about this kind. */
  readonly why: string | undefined
  /** Whether the reason concerns this kind alone. */
  readonly isOwn: boolean
}

function reasonOf(ending: Ending, exit: ChildExit, { file, media }: Decoded): Reason {
  const { kind, stream } = ending
  const other = kind === 'picture' ? media.audio : media.video
  const named = { index: stream, codec: codecOf(ending, media) }
  const { own, general } = complaintsOf(exit.stderr, file, named, other && { index: other.index, codec: other.codec })
  const isOwn = own.length > 0
  const stderr = (isOwn ? own : general).join('\n')
  return { why: decodeFault({ code: exit.code, stderr: stderr || failure(exit) }, file), isOwn }
}

/** Uses everything ffmpeg reported if it failed without mentioning this kind. */
const failure = ({ code, stderr }: ChildExit) => (code === 0 ? '' : stderr)

/** Whether the audio is a few milliseconds that ffmpeg decoded without errors but also without a sample. */
function isTooShortToHear({ kind }: Ending, { media, reached }: Decoded, reason: Reason | undefined): boolean {
  if (kind !== 'sound' || reached.sound !== undefined) return false
  return media.duration < SHORTEST_SOUND_SECONDS && reason !== undefined && reason.why === undefined
}

function lengthOf(media: MediaInfo, reached: Reached): Seconds {
  const { duration } = media
  const isLonger = (reached.picture ?? 0) >= duration || (reached.sound ?? 0) > duration + PADDING_SECONDS
  return isLonger || isShort(media, reached) ? mediaTime(endOf(media, reached)) : duration
}

function endOf({ video }: MediaInfo, { picture, sound = 0 }: Reached): Seconds {
  if (picture === undefined) return sound
  return Math.max(sound, picture + Math.min(LONGEST_FRAME_SECONDS, 1 / (video?.frameRate ?? 25)))
}

/**
 * Whether the file is shorter than declared. Unknown for files with video, because the last picture may be held to the
 * end.
 */
function isShort(media: MediaInfo, reached: Reached): boolean {
  return (media.video === undefined || hasLooseClock(media)) && endsEarly(endOf(media, reached), media.duration)
}

/** MPEG streams do not declare their length. It is estimated from their clock, which may jump and restart. */
const hasLooseClock = ({ container }: MediaInfo) => container.startsWith('mpeg')

const endsEarly = (end: Seconds, duration: Seconds) =>
  end < duration - Math.max(TOLERANCE_SECONDS, duration * TOLERANCE_SHARE)
