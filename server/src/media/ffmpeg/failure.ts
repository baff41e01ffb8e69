import { AppError } from '../../lib/app-error.js'
import { toLine } from '../../lib/text.js'
import type { ChildExit } from './run-child.js'

const KINDS = 'MP4, MOV, MKV, WebM, AVI, MPEG, OGG, WAV, MP3, FLAC and the like'

// Messages of ffmpeg, and what they mean to the person who uploaded the file.
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/Format not on whitelist/i, `This server does not read files of this format; upload ${KINDS}.`],
  [
    /Protocol .* not on whitelist/i,
    `The file refers to other files or addresses, which is not allowed; upload ${KINDS}.`,
  ],
  [
    /Invalid data found|moov atom not found|could not find codec parameters/i,
    `The file is not media, or is damaged; upload ${KINDS}.`,
  ],
]

const NO_INDEX = 'The file has no index (moov): it was cut short or never finished; upload the whole file again.'

// ffmpeg reports a missing index for anything named .mp4. Only a file that begins with an MP4 box can have had one.
export const hasBoxes = (head: Uint8Array) =>
  ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'].includes(Buffer.from(head.subarray(4, 8)).toString('latin1'))

/** The error for a file in which every stream needs a key. */
export const encryptedFile = (): AppError =>
  new AppError('media.unreadable', 'The file is encrypted (DRM) and the key is not in it; upload it decrypted.')

/** The error for a file that ends within its headers. */
export const cutDescription = (cause: Error): AppError =>
  new AppError('media.truncated', 'The file is cut short within its headers; upload the whole file again.', {
    cause,
  })

/** What the file itself shows before ffmpeg reads it. */
interface Beginning {
  readonly head?: Uint8Array
  /** Its container declares more bytes. */
  readonly isCutShort?: boolean
}

/**
 * The error for a failed ffmpeg or ffprobe, in most cases a problem of the file. The path is removed from its messages.
 */
export function unreadable(
  exit: ChildExit,
  file: string,
  { head = new Uint8Array(0), isCutShort = false }: Beginning = {},
): AppError {
  const stderr = withoutPath(exit.stderr, file)
  const cause = new Error(stderr || `exit code ${exit.code}`)
  if (/moov atom not found/i.test(stderr) && hasBoxes(head)) return new AppError('media.truncated', NO_INDEX, { cause })
  const isIndexCut = isCutShort && hasBoxes(head) && /error reading header/i.test(stderr)
  if (isIndexCut || /: End of file$/.test(stderr)) return cutDescription(cause)
  const known = CAUSES.find(([pattern]) => pattern.test(stderr))?.[1]
  return new AppError('media.unreadable', known ?? `The file cannot be read: ${lastLine(stderr)}`, { cause })
}

/** The error if ffmpeg could not decode pictures of a readable file. */
export function pictureFault(exit: ChildExit, file: string): AppError {
  const why = decodeFault(exit, file) ?? 'ffmpeg found nothing in it.'
  return new AppError('media.unreadable', `The picture cannot be decoded: ${why}`, { cause: new Error(exit.stderr) })
}

/** ffmpeg's text without the path of the file and object addresses. */
export const withoutPath = (text: string, file: string): string =>
  text
    .replaceAll(`file:${file}`, 'the file')
    .replaceAll(file, 'the file')
    .replaceAll(/\[(.*?) @ 0x[0-9a-f]+\] ?/g, '$1: ')
    .trim()

/** Why decoding failed, in ffmpeg's words if there are any. Undefined if it reported nothing. */
export function decodeFault({ code, stderr }: Pick<ChildExit, 'code' | 'stderr'>, file: string): string | undefined {
  const words = withoutPath(stderr, file)
  if (/decoder.*not found|no decoder/i.test(words)) return 'ffmpeg has no decoder for it.'
  return words || code !== 0 ? lastLine(words) : undefined
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter(line => !/^ *Last message repeated/.test(line))
  return toLine(lines.at(-1) ?? '', 300) || 'ffmpeg gave no reason.'
}
