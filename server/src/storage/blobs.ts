import type { Id } from '@cuewire/protocol'

/** Names a blob of a tenant: the bytes of an upload while they arrive, then the original file of its video, and its poster. */
export type BlobKey = { readonly kind: 'upload' | 'original' | 'poster'; readonly id: Id }

/** Names a scratch file: the sound of a video as 16 kHz mono samples, while a job runs. */
export type ScratchKey = { readonly kind: 'sound'; readonly id: Id }

/** Half-open span of bytes, `[start, end)`. */
export interface ByteSpan {
  readonly start: number
  readonly end: number
}

/** A blob as it is now, however it is replaced or removed meanwhile. Whoever opened it disposes of it. */
export interface OpenBlob extends AsyncDisposable {
  readonly sizeBytes: number
  /** Changes when the blob is replaced. */
  readonly version: string
  /** The bytes of a span within the blob. */
  read(span: ByteSpan): AsyncIterable<Uint8Array>
}

/** Adds bytes to the end of an upload. What was written stays, also when a later write fails. */
export interface Appender extends AsyncDisposable {
  write(bytes: Uint8Array): Promise<void>
  /** After this, what was written outlives a crash of the machine. */
  sync(): Promise<void>
}

/** A blob as a local file for programs that read paths, until it is disposed of. */
export interface Lease extends AsyncDisposable {
  readonly path: string
}

/** A file on this machine's disk that a program writes while others read it. A later attempt may find it, or find it gone. */
export interface ScratchFile {
  /** For the program that writes; it must overwrite the file in place. */
  readonly path: string
  /** Creates it, or empties it. Fails when the video has been removed. */
  create(): Promise<void>
  /** Undefined when there is none. */
  size(): Promise<number | undefined>
  open(): Promise<ScratchReader>
  remove(): Promise<void>
}

/** Reads a scratch file while it grows. */
export interface ScratchReader extends AsyncDisposable {
  /** The bytes from a position on, fewer than `length` where the file ends. */
  read(position: number, length: number): Promise<Buffer>
}

/** The blobs of one tenant. Ids that are no ULIDs are refused. */
export interface Blobs {
  readonly tenant: string
  /** Bytes of a blob; undefined when there is none. */
  size(key: BlobKey): Promise<number | undefined>
  /** Uploads that have been appended to, and the bytes of each. */
  uploads(): Promise<{ readonly id: Id; readonly sizeBytes: number }[]>
  /** Begins to append to an upload, which must have `offset` bytes; at 0 there need be none. One appender at a time. */
  append(uploadId: Id, offset: number): Promise<Appender>
  /** Makes an upload the original of its video. */
  adopt(uploadId: Id): Promise<void>
  /** Writes or replaces a poster; readers see the old bytes or the new ones. Fails when the video has been removed. */
  writePoster(videoId: Id, jpeg: Uint8Array): Promise<void>
  /** Undefined when there is none. */
  open(key: BlobKey): Promise<OpenBlob | undefined>
  /** A missing blob fails here or when the path is opened. */
  lease(key: BlobKey): Promise<Lease>
  scratch(key: ScratchKey): ScratchFile
  /** Removes every blob and scratch file of an id. */
  removeAll(id: Id): Promise<void>
  /** Room left for more. */
  freeBytes(): Promise<number>
}

/** The blobs of all tenants. */
export interface ServerBlobs {
  /** The part of one tenant, which costs nothing until something is written. Throws when the name is not a tenant name. */
  for(tenant: string): Blobs
}
