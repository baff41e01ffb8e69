import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Seconds } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import type { SoundWishes } from './choose-streams.js'
import { type ContainerSize, containerSize, readAt } from './container-size.js'
import { cutDescription, encryptedFile, hasBoxes, unreadable } from './failure.js'
import type { RawChapter } from './file-chapters.js'
import { inputArguments } from './input.js'
import { matroskaChapters } from './matroska-chapters.js'
import { mp4TrackLengths } from './mp4-track-lengths.js'
import {
  fromStart,
  type Inspection,
  inspectionOf,
  PROBE_ENTRIES,
  type ProbeOutput,
  parseProbeOutput,
} from './probe-output.js'
import { runReader } from './run-reader.js'
import { isScrambled } from './scrambled.js'

const TIMEOUT_MS = 60_000
// Limit on the JSON of ffprobe, which is parsed on the event loop. Enough for some thousand chapters.
const MAX_DESCRIPTION_BYTES = 512 * 1024

/** The contents of a file's headers. */
export interface InspectedFile extends Inspection, ContainerSize {
  /** The length was estimated from size and bit rate, as for streams without a global header. */
  readonly guessed: boolean
  /** There are more chapters than the limit, so none were read. */
  readonly tooManyChapters: boolean
  /** What it was read from, to choose other streams. */
  readonly headers: Headers
}

interface Headers {
  readonly output: ProbeOutput
  readonly tracks: TrackLengths
}

/** Inspects a file from its headers alone. */
export async function inspect(ffprobe: string, file: string, signal?: AbortSignal): Promise<InspectedFile> {
  const { head, size, tracks, chapters } = await readHead(file)
  const isCutShort = size.promised !== undefined && size.promised > size.bytes
  const request = { file, head, isCutShort, signal }
  const entries = chapters ? PROBE_ENTRIES.withoutChapters : PROBE_ENTRIES.all
  const all = await describe(ffprobe, entries, request)
  const tooManyChapters = !chapters && all.text === undefined
  const { text, warnings } = tooManyChapters ? await describe(ffprobe, PROBE_ENTRIES.withoutChapters, request) : all
  if (text === undefined) {
    throw new AppError('media.unreadable', 'The headers of the file are too large; the file may be damaged.')
  }
  const guessed = /Estimating duration from bitrate/.test(warnings)
  const { output, inspection } = await parseReadable(text, warnings, request)
  return {
    ...inspection,
    ...(chapters && { chapters: chapters.map(chapter => fromStart(chapter, inspection.startTime)) }),
    playTime: playTimeOf(inspection, tracks),
    ...size,
    guessed,
    tooManyChapters,
    headers: { output, tracks },
  }
}

/** The same file with other streams chosen. */
export function choosing(inspected: InspectedFile, wishes: SoundWishes): InspectedFile {
  const { output, tracks } = inspected.headers
  const chosen = inspectionOf(output, wishes)
  return { ...inspected, ...chosen, chapters: inspected.chapters, playTime: playTimeOf(chosen, tracks) }
}

/** Length of video and audio. In MP4 their track headers have it, which not every ffprobe reads. */
function playTimeOf({ playTime, videoIndex, audioIndex }: Inspection, tracks: TrackLengths): Seconds | undefined {
  const own = [videoIndex, audioIndex].flatMap(index => tracks[index ?? -1] ?? [])
  return own.length > 0 ? Math.max(...own) : playTime
}

interface Request {
  readonly file: string
  readonly head: Uint8Array
  readonly isCutShort: boolean
  readonly signal: AbortSignal | undefined
}

/** The JSON of ffprobe and its warnings; no JSON if it is too long. */
async function describe(ffprobe: string, entries: string, { file, head, isCutShort, signal }: Request) {
  const args = ['-hide_banner', '-v', 'warning', '-show_entries', entries, '-of', 'json=c=1', ...inputArguments(file)]
  const { value: text, exit } = await runReader(ffprobe, args, {
    signal,
    timeoutMs: TIMEOUT_MS,
    pipes: 1,
    read: ([pipe], stop) => readAtMost(pipe, MAX_DESCRIPTION_BYTES, stop),
  })
  if (text !== undefined && exit.code !== 0) throw unreadable(exit, file, { head, isCutShort })
  return { text, warnings: exit.stderr }
}

async function readAtMost(pipe: Readable, maxBytes: number, stop: () => void): Promise<string | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of pipe) {
    parts.push(part)
    length += part.length
    if (length > maxBytes) {
      stop()
      return undefined
    }
  }
  return Buffer.concat(parts).toString('utf8')
}

async function parseReadable(text: string, warnings: string, { file, head, isCutShort }: Request) {
  if (/DRM protected stream/.test(warnings)) throw encryptedFile()
  const output = parseProbeOutput(text)
  try {
    return { output, inspection: inspectionOf(output) }
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'media.no_streams')) throw error
    // Of an encrypted broadcast only the list of streams is readable.
    if (await isScrambled(file)) throw encryptedFile()
    throw isCutShort && hasBoxes(head) ? cutDescription(error) : error
  }
}

type TrackLengths = Awaited<ReturnType<typeof mp4TrackLengths>>

interface Head {
  readonly head: Uint8Array
  readonly size: ContainerSize
  readonly tracks: TrackLengths
  /** With the time stamps of the file; undefined if ffprobe has to read the chapters. */
  readonly chapters: readonly RawChapter[] | undefined
}

async function readHead(file: string): Promise<Head> {
  try {
    const size = await containerSize(file)
    const tracks = await mp4TrackLengths(file)
    await using handle = await open(file)
    const head = await readAt(handle, 0, 16)
    if (head.length === 0) throw new AppError('media.unreadable', 'The file is empty.')
    const chapters = await matroskaChapters((position, length) => readAt(handle, position, length))
    return { head, size, tracks, chapters }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('server.internal', 'The stored file cannot be opened; see the server log.', { cause })
  }
}
