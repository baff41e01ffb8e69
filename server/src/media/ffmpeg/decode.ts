import type { AudioStream, MediaInfo, VideoStream } from '@cuewire/protocol'
import { together } from '../../lib/together.js'
import type { DecodePlan, DecodeResult } from '../media-tools.js'
import type { Binaries } from './binaries.js'
import { decodeResult, type Ending } from './decode-result.js'
import { Decoder, type Kind, type Stream } from './decoder.js'
import { decoderThreads } from './decoder-threads.js'
import type { Inspection } from './probe-output.js'
import type { Inspector } from './remembered-inspect.js'

// Audio with a lower sample rate contains no intelligible speech, and a few bytes of it would last for hours.
const LEAST_SOUND_RATE = 2000
// The most that ffmpeg's filters support.
const MOST_CHANNELS = 64
// Most streams of one kind to try.
const MAX_TRIES = 4

/** A file and what to decode from it. */
export interface DecodeRequest {
  readonly file: string
  readonly media: MediaInfo
  readonly plan: DecodePlan
}

/** A kind that is wanted, and the streams to try for it in turn. */
interface Wanted {
  readonly kind: Kind
  readonly tries: readonly Stream[]
}

/**
 * Decodes the requested kinds as far as possible. Video and audio use separate ffmpeg processes: audio is ready long
 * before the pictures, so speech need not wait, and a fault in one does not affect the other. If a stream yields
 * nothing, the next one of its kind is tried.
 */
export async function decode(
  { inspect, ...binaries }: Binaries & Inspector,
  request: DecodeRequest,
  signal: AbortSignal,
): Promise<DecodeResult> {
  const { file, media, plan } = request
  const wanted = wantedOf(await inspect(binaries.ffprobe, file, signal), request)
  const { duration } = media
  const decoder = new Decoder({
    ffmpeg: binaries.ffmpeg,
    rateOption: binaries.rateOption,
    threads: decoderThreads(media.video),
    file,
    plan,
    duration,
    signal,
  })
  const endings = await together(...wanted.map(each => decodeKind(decoder, each)))
  return decodeResult({ file, media, reached: decoder.reached }, endings)
}

/** Decodes one kind and returns how its last ffmpeg ended, and those before it. */
async function decodeKind(decoder: Decoder, { kind, tries }: Wanted): Promise<Ending> {
  let last: Ending = { kind, before: [] }
  for (const stream of tries) {
    const exit = await decoder.run(stream)
    const before = last.exit ? [...last.before, last] : []
    last = { kind, exit, stream: indexOf(stream), before }
    if (decoder.reached[kind] !== undefined) break
  }
  return last
}

const indexOf = (stream: Stream) => (typeof stream === 'number' ? stream : stream.index)

function wantedOf({ pictures, sounds }: Inspection, { media, plan }: DecodeRequest): Wanted[] {
  const fit = sounds.filter(sound => sound.sampleRate >= LEAST_SOUND_RATE && sound.channels <= MOST_CHANNELS)
  const kinds: Wanted[] = [
    { kind: 'picture', tries: inTurn(pictures, media.video) },
    { kind: 'sound', tries: inTurn(fit, media.audio) },
  ]
  const asked = { picture: media.video && plan.sinks.length > 0, sound: media.audio && plan.audioFile !== undefined }
  return kinds.filter(({ kind }) => asked[kind]).map(({ kind, tries }) => ({ kind, tries: tries.slice(0, MAX_TRIES) }))
}

/** The track in use, then the others; only the first if it was requested. */
function inTurn<S extends Stream>(streams: readonly S[], used: VideoStream | AudioStream | undefined): readonly S[] {
  const [own, others] = [true, false].map(isOwn => streams.filter(each => (indexOf(each) === used?.index) === isOwn))
  return used?.chosen === 'request' ? (own ?? []) : [...(own ?? []), ...(others ?? [])]
}
