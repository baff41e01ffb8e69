import { withoutPath } from './failure.js'

/** A picture or sound stream of a file. */
export interface NamedStream {
  readonly index: number | undefined
  readonly codec: string
}

/**
 * Lines of ffmpeg's stderr by the stream they are about, and those about no stream. Addresses and paths are removed.
 */
export interface Complaints {
  readonly own: readonly string[]
  readonly general: readonly string[]
}

// Messages that say nothing about decoding.
const HARMLESS = [/Referenced QT chapter track not found/, /^ *Last message repeated/]
/** A packet that is not a frame, for example where recordings were joined and the next one's tags begin. */
const NO_FRAME = /Header missing/
const FOLLOWS = /Error while decoding stream|Error submitting packet to decoder/
/** More of them mean that the file is damaged. */
const MAX_JOINS = 10

/** Codecs of decoders with a different name. */
const CODEC_OF: Readonly<Record<string, string>> = { libdav1d: 'av1', libaom: 'av1', libvpx: 'vp', libopus: 'opus' }

/** Sorts ffmpeg's messages by stream; messages about other streams are left out. */
export function complaintsOf(stderr: string, file: string, one: NamedStream, other?: NamedStream): Complaints {
  const own: string[] = []
  const general: string[] = []
  for (const line of withoutJoins(stderr.split('\n').filter(line => line.trim() !== ''))) {
    if (HARMLESS.some(pattern => pattern.test(line))) continue
    const about = subjectOf(line, one, other)
    if (about === 'other') continue
    const lines = about === 'own' ? own : general
    lines.push(withoutPath(line, file))
  }
  return { own, general }
}

function subjectOf(line: string, one: NamedStream, other: NamedStream | undefined): 'own' | 'other' | undefined {
  const named = /(?:stream #|[av]ist#)\d+:(\d+)|\bstream (\d+), offset/.exec(line)
  const index = named?.[1] ?? named?.[2]
  if (index !== undefined && one.index !== undefined) return Number(index) === one.index ? 'own' : 'other'
  const decoder = /^\[(?:dec:)?([a-z0-9_-]+) @ /i.exec(line)?.[1]
  if (decoder === undefined) return undefined
  if (isDecoderOf(decoder, one.codec)) return 'own'
  return other && isDecoderOf(decoder, other.codec) ? 'other' : undefined
}

function isDecoderOf(decoder: string, codec: string): boolean {
  const [library = ''] = decoder.split('-')
  const name = CODEC_OF[library] ?? decoder
  return name.startsWith(codec) || codec.startsWith(name)
}

/** Removes messages about packets that are not frames and their consequences, unless there are many. */
function withoutJoins(lines: readonly string[]): readonly string[] {
  const isJoin = (line: string | undefined) => line !== undefined && NO_FRAME.test(line)
  const joins = lines.filter(isJoin).length
  if (joins === 0 || joins > MAX_JOINS) return lines
  return lines.filter((line, at) => !isJoin(line) && !(isJoin(lines[at - 1]) && FOLLOWS.test(line)))
}
