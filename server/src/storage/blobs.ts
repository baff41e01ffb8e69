import type { Id } from '@cuewire/protocol'

/** Key of a file that a job makes: the poster, the storyboard, or the times of the storyboard's pictures. */
export type MadeKey = { readonly kind: 'poster' | 'storyboard' | 'storyboardTimes'; readonly id: Id }

/** Key of a blob: an upload while it arrives, the original file of a video, or a file that a job made of it. */
export type BlobKey = { readonly kind: 'upload' | 'original'; readonly id: Id } | MadeKey

/** Key of a scratch file: the audio of a video as 16 kHz mono samples, while a job runs. */
export type ScratchKey = { readonly kind: 'sound'; readonly id: Id }

/** Half-open span of bytes, `[start, end)`. */
export interface ByteSpan {
  readonly start: number
  readonly end: number
}

/** A snapshot of a blob, unaffected if it is replaced or removed meanwhile. Whoever opens it disposes of it. */
export interface OpenBlob extends AsyncDisposable {
  readonly sizeBytes: number
  /** Changes when the blob is replaced. */
  readonly version: string
  /** The bytes of a span within the blob. */
  read(span: ByteSpan): AsyncIterable<Uint8Array>
}

/** Appends bytes to an upload. What was written stays, even if a later write fails. */
export interface Appender extends AsyncDisposable {
  write(bytes: Uint8Array): Promise<void>
  /** After this, the bytes survive a crash of the machine. */
  sync(): Promise<void>
}

/** A blob as a local file for programs that need a path. Valid until disposed of. */
export interface Lease extends AsyncDisposable {
  readonly path: string
}

/** A file on the local disk that a program writes while others read it. A later attempt may or may not find it. */
export interface ScratchFile {
  /** For the program that writes; it must overwrite the file in place. */
  readonly path: string
  /** Creates or empties it. Fails if the video has been removed. */
  create(): Promise<void>
  /** Undefined when there is none. */
  size(): Promise<number | undefined>
  open(): Promise<ScratchReader>
  remove(): Promise<void>
}

/** Reads a scratch file while it grows. */
export interface ScratchReader extends AsyncDisposable {
  /** Reads from a position; fewer than `length` bytes at the end of the file. */
  read(position: number, length: number): Promise<Buffer>
}

/** The blobs of one tenant. Ids that are not ULIDs are refused. */
export interface Blobs {
  readonly tenant: string
  /** Bytes of a blob; undefined when there is none. */
  size(key: BlobKey): Promise<number | undefined>
  /** Uploads with at least one write, and their sizes. */
  uploads(): Promise<{ readonly id: Id; readonly sizeBytes: number }[]>
  /** Starts appending to an upload that has `offset` bytes; at 0 it need not exist. One appender at a time. */
  append(uploadId: Id, offset: number): Promise<Appender>
  /** Turns an upload into the original of its video. */
  adopt(uploadId: Id): Promise<void>
  /** Writes or replaces a blob. Readers see either the old or the new bytes. Fails if the video has been removed. */
  write(key: MadeKey, bytes: Uint8Array): Promise<void>
  /** Undefined when there is none. */
  open(key: BlobKey): Promise<OpenBlob | undefined>
  /** A missing blob fails here or when the path is opened. */
  lease(key: BlobKey): Promise<Lease>
  scratch(key: ScratchKey): ScratchFile
  /** Removes every blob and scratch file of an id. */
  removeAll(id: Id): Promise<void>
  /** Free space. */
  freeBytes(): Promise<number>
}

/** The blobs of all tenants. */
export interface ServerBlobs {
  /** The blobs of one tenant. Creates nothing until the first write. Throws if the name is not a tenant name. */
  for(tenant: string): Blobs
}
