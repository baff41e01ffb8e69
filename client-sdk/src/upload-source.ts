import { ClientError } from './errors.js'

/** Bytes that can be read from any place, such as an open file. */
export interface ByteSource {
  readonly sizeBytes: number
  /** Reads the bytes of `[start, end)`. */
  read(start: number, end: number): Promise<Blob | Uint8Array>
}

/** What can be uploaded. A `File` brings its own name. */
export type UploadSource = Blob | Uint8Array | ByteSource

/** Any source as one that can be read from any place. */
export function byteSource(source: UploadSource): ByteSource {
  if (source instanceof Blob) {
    return { sizeBytes: source.size, read: async (start, end) => source.slice(start, end) }
  }
  if (source instanceof Uint8Array) {
    return { sizeBytes: source.byteLength, read: async (start, end) => source.subarray(start, end) }
  }
  if (typeof source === 'object') return source
  throw new ClientError('source must be a Blob, bytes, or an object that reads them; uploadFile takes a path')
}

/** The name to give the upload: the one told, else that of the File. */
export function filenameOf(source: UploadSource, filename: string | undefined): string {
  const own = 'name' in source && typeof source.name === 'string' ? source.name : undefined
  const name = filename ?? own
  if (name) return name
  throw new ClientError('filename is missing: give one, or upload a File, which has its own')
}
