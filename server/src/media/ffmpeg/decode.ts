import type { MediaInfo } from '@cuewire/protocol'
import { together } from '../../lib/together.js'
import type { DecodePlan, DecodeResult } from '../media-tools.js'
import type { Binaries } from './binaries.js'
import { decodeResult, type Ending } from './decode-result.js'
import { Decoder, type Kind, type Streams } from './decoder.js'
import { decoderThreads } from './decoder-threads.js'
import { inspect } from './inspect.js'
import type { Inspection } from './probe-output.js'

// Sound of fewer samples a second holds no word, and a few bytes of it would last for hours.
const LEAST_SOUND_RATE = 2000
// As many as the filters of ffmpeg take.
const MOST_CHANNELS = 64
// Streams of one kind that are tried before it is given up.
const MAX_TRIES = 4

/** A file to decode and what to make of it. */
export interface DecodeRequest {
  readonly file: string
  readonly media: MediaInfo
  readonly plan: DecodePlan
}

/** A kind that is wanted, and the streams to try for it in turn. */
interface Wanted {
  readonly kind: Kind
  readonly tries: readonly Streams[]
}

/**
 * One pass over a file, by one ffmpeg. Only when something in the file breaks that does each kind get an ffmpeg of its own,
 * so that what can be decoded is; and where nothing comes of a stream, the next one of its kind is tried.
 */
export async function decode(binaries: Binaries, request: DecodeRequest, signal: AbortSignal): Promise<DecodeResult> {
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
  const readable = wanted.filter(({ tries }) => tries.length > 0)
  const shared = readable.length > 1
  const exit = readable.length > 0 && (await decoder.run(Object.assign({}, ...readable.map(({ tries }) => tries[0]))))
  const endings = await together(
    ...wanted.map(async ({ kind, tries }): Promise<Ending> => {
      if (!exit || tries.length === 0) return { kind }
      return await finish(decoder, tries, { kind, exit, stream: streamOf(tries[0]), shared })
    }),
  )
  return decodeResult({ file, media, reached: decoder.reached }, endings)
}

function wantedOf({ pictures, sounds }: Inspection, { media, plan }: DecodeRequest): Wanted[] {
  const fit = sounds.filter(sound => sound.sampleRate >= LEAST_SOUND_RATE && sound.channels <= MOST_CHANNELS)
  const kinds: Wanted[] = [
    { kind: 'picture', tries: pictures.map(picture => ({ picture })) },
    { kind: 'sound', tries: fit.map(sound => ({ sound })) },
  ]
  const asked = { picture: media.video && plan.sinks.length > 0, sound: media.audio && plan.audioFile !== undefined }
  return kinds.filter(({ kind }) => asked[kind]).map(({ kind, tries }) => ({ kind, tries: tries.slice(0, MAX_TRIES) }))
}

/** Goes on until a kind is decoded as far as it can be; tells how the last ffmpeg that worked on it ended. */
async function finish(decoder: Decoder, tries: readonly Streams[], first: Required<Ending>): Promise<Ending> {
  const {
    kind,
    exit: { code },
    shared,
  } = first
  const isDone = () => decoder.reached[kind] !== undefined
  // The fault may be the other kind's: the same stream once more, alone.
  const again = shared && code !== 0
  if (!again && isDone()) return first
  let last: Ending = first
  for (const streams of again ? tries : tries.slice(1)) {
    const exit = await decoder.run(streams)
    last = { kind, exit, stream: streamOf(streams), shared: false }
    if (isDone()) break
  }
  return last
}

const streamOf = (streams: Streams | undefined) => streams?.picture ?? streams?.sound?.index
