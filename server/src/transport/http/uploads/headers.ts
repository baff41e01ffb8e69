import { AppError } from '../../../lib/app-error.js'
import { cut } from '../../../lib/text.js'

/** The supported version of tus (https://tus.io/protocols/resumable-upload). */
export const TUS_VERSION = '1.0.0'

/** Supported extensions, for `Tus-Extension`. */
export const TUS_EXTENSIONS = 'creation,creation-with-upload,expiration,termination'

/** Content-Type of upload bytes. */
const UPLOAD_TYPE = 'application/offset+octet-stream'

/** Headers of unsupported extensions, and what to do instead. */
const NOT_OFFERED: readonly (readonly [header: string, message: string])[] = [
  ['upload-concat', 'Upload-Concat is not offered: send the file as one upload, without parallel parts.'],
  ['upload-defer-length', 'Upload-Defer-Length is not offered: say with Upload-Length how large the file is.'],
  ['upload-checksum', 'Upload-Checksum is not offered: leave it out.'],
]

/** Limits on `Upload-Metadata`: characters and pairs. */
const METADATA_CHARACTERS = 8192
const METADATA_PAIRS = 32

/**
 * "If the version specified by the Client is not supported by the Server, it MUST respond with the 412 Precondition
 * Failed status and MUST include the Tus-Version header into the response. In addition, the Server MUST NOT process the
 * request."
 */
export function checkVersion(tusResumable: string | undefined): void {
  if (tusResumable === TUS_VERSION) return
  throw new AppError('upload.version', `Tus-Resumable must be ${TUS_VERSION}, not ${shown(tusResumable)}.`)
}

/** "All PATCH requests MUST use Content-Type: application/offset+octet-stream, otherwise the server SHOULD return a 415." */
export function checkPatchType(contentType: string | undefined): void {
  if (isUploadType(contentType)) return
  throw new AppError('upload.media_type', `Content-Type must be ${UPLOAD_TYPE}, not ${shown(contentType)}.`)
}

/** Whether a request carries upload bytes. */
export function isUploadType(contentType: string | undefined): boolean {
  return contentType?.trim().toLowerCase() === UPLOAD_TYPE
}

/** "The Client SHOULD ... check which extensions are offered": one that does not must not believe that they worked. */
export function checkExtensions(headers: ReadonlyMap<string, string>): void {
  const used = NOT_OFFERED.find(([header]) => headers.has(header))
  if (used) throw invalid(used[1])
}

/** "The Upload-Length request header ... The value MUST be a non-negative integer." Sizes not known yet are not supported. */
export function parseUploadLength(uploadLength: string | undefined): number {
  return parseBytes('Upload-Length', uploadLength)
}

/** "The Upload-Offset ... The value MUST be a non-negative integer." */
export function parseUploadOffset(uploadOffset: string | undefined): number {
  return parseBytes('Upload-Offset', uploadOffset)
}

/**
 * "The Upload-Metadata request and response header MUST consist of one or more comma-separated key-value pairs. The key
 * and value MUST be separated by a space. The key MUST NOT contain spaces and commas and MUST NOT be empty. The key SHOULD
 * be ASCII encoded and the value MUST be Base64 encoded. All keys MUST be unique. The value MAY be empty. In these cases,
 * the space, which would normally separate the key and the value, MAY be left out." Values are UTF-8; no header is no pairs.
 */
export function parseMetadata(uploadMetadata: string | undefined): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  if (uploadMetadata === undefined || uploadMetadata === '') return pairs
  if (uploadMetadata.length > METADATA_CHARACTERS) {
    throw invalid(`Upload-Metadata may have at most ${METADATA_CHARACTERS} characters.`)
  }
  const parts = uploadMetadata.split(',')
  if (parts.length > METADATA_PAIRS) throw invalid(`Upload-Metadata may hold at most ${METADATA_PAIRS} pairs.`)
  for (const part of parts) {
    // Clients write ", " between pairs as well as ",".
    const [key = '', value = '', ...more] = part.trim().split(' ')
    if (!/^[!-+\--~]+$/.test(key) || more.length > 0) {
      throw invalid('Upload-Metadata must be comma-separated pairs of an ASCII key, a space and a Base64 value.')
    }
    if (pairs.has(key)) throw invalid(`Upload-Metadata names the key ${shown(key)} twice.`)
    pairs.set(key, decodeValue(key, value))
  }
  return pairs
}

/** "The value of the Upload-Expires header MUST be in RFC 9110 datetime format", from ISO 8601. */
export function formatExpires(expiresAt: string): string {
  return new Date(expiresAt).toUTCString()
}

function parseBytes(header: string, value: string | undefined): number {
  const bytes = value !== undefined && /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  if (Number.isSafeInteger(bytes)) return bytes
  throw invalid(`${header} must be a non-negative integer of bytes, not ${shown(value)}.`)
}

function decodeValue(key: string, value: string): string {
  const wrong = () => invalid(`The value of ${shown(key)} in Upload-Metadata must be Base64 of UTF-8 text.`)
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) throw wrong()
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(value, 'base64'))
  } catch (error) {
    if (error instanceof TypeError) throw wrong()
    throw error
  }
}

const invalid = (message: string) => new AppError('upload.invalid', message)

/** A header for a message: quoted, without control characters, and cut. */
function shown(value: string | undefined): string {
  return value === undefined ? 'absent' : JSON.stringify(cut(value, 50))
}
