import { AppError } from '../../lib/app-error.js'
import { toLine } from '../../lib/text.js'
import type { ChildExit } from './run-child.js'

const KINDS = 'MP4, MOV, MKV, WebM, AVI, MPEG, OGG, WAV, MP3, FLAC and the like'

// What ffmpeg says, and what that means to the person who sent the file.
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

// ffmpeg misses the index in anything called .mp4; only what begins with a box of the format ever had one.
export const hasBoxes = (head: Uint8Array) =>
  ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'].includes(Buffer.from(head.subarray(4, 8)).toString('latin1'))

/** The refusal of a file none of whose streams can be read without a key. */
export const encryptedFile = (): AppError =>
  new AppError('media.unreadable', 'The file is encrypted (DRM) and the key is not in it; upload it decrypted.')

/** The refusal of a file that ends before its streams are described. */
export const cutDescription = (cause: Error): AppError =>
  new AppError('media.truncated', 'The file is cut short within its headers; upload the whole file again.', {
    cause,
  })

/** What a file itself shows before ffmpeg looks at it. */
interface Beginning {
  readonly head?: Uint8Array
  /** Its container says that it is longer. */
  readonly isCutShort?: boolean
}

/** What a failed ffmpeg or ffprobe means: mostly an error of the file. The path of the file is taken out of its words. */
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

/** What a failed ffmpeg means that was to show the pictures of a readable file. */
export function pictureFault(exit: ChildExit, file: string): AppError {
  const why = decodeFault(exit, file) ?? 'ffmpeg found nothing in it.'
  return new AppError('media.unreadable', `The picture cannot be decoded: ${why}`, { cause: new Error(exit.stderr) })
}

/** Text of ffmpeg without the path of the file and the addresses of its objects. */
export const withoutPath = (text: string, file: string): string =>
  text
    .replaceAll(`file:${file}`, 'the file')
    .replaceAll(file, 'the file')
    .replaceAll(/\[(.*?) @ 0x[0-9a-f]+\] ?/g, '$1: ')
    .trim()

/** Why something could not be decoded, in ffmpeg's words where it has any; undefined when it did not complain. */
export function decodeFault({ code, stderr }: Pick<ChildExit, 'code' | 'stderr'>, file: string): string | undefined {
  const words = withoutPath(stderr, file)
  if (/decoder.*not found|no decoder/i.test(words)) return 'ffmpeg has no decoder for it.'
  return words || code !== 0 ? lastLine(words) : undefined
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter(line => !/^ *Last message repeated/.test(line))
  return toLine(lines.at(-1) ?? '', 300) || 'ffmpeg gave no reason.'
}
