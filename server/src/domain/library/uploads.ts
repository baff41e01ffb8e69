import { parse } from 'node:path'
import { type Id, LIMITS, type SubtitlesInput, type Upload, type Video } from '@cuewire/protocol'
import { monotonicFactory } from 'ulid'
import { AppError } from '../../lib/app-error.js'
import type { UploadRow } from '../../storage/store.js'
import { appendBytes } from './append-bytes.js'
import { Exclusive } from './exclusive.js'
import { finishUpload } from './finish-upload.js'
import { type RecoverOptions, recoverLibrary } from './recover-library.js'

/** Path of the tus routes; an upload is at `<path>/<id>`. */
export const UPLOADS_PATH = '/v1/uploads'

/** A file that a client wants to send. */
export interface UploadRequest {
  readonly filename: string
  readonly sizeBytes: number
  /** The name of the file without its extension unless told. */
  readonly title?: string | undefined
  readonly subtitles?: SubtitlesInput | undefined
}

export interface UploadLimits {
  /** Largest file. */
  readonly uploadBytes: number
  /** How long an upload may stand still. */
  readonly expiryMs: number
  /** Bytes of the disk that uploads may not fill. @default 0 */
  readonly reservedBytes?: number
}

export interface UploadsOptions extends RecoverOptions {
  /** Throws `subtitles.invalid` when no cue can be read. */
  readonly checkSubtitles: (subtitles: SubtitlesInput) => Promise<unknown>
  readonly limits: UploadLimits
}

/** Uploads from their reservation to the video they become. */
export interface Uploads {
  /** `upload.empty`, `upload.too_large`, `subtitles.invalid` and `server.disk_full` before any byte is taken. */
  reserve(request: UploadRequest): Promise<Upload>
  /** Where an upload stands. A finished one stands at its end, so that a client that missed the last reply learns of it. */
  status(id: Id): Promise<Upload>
  /**
   * Takes bytes from `offset` on, and returns the new offset. With the last byte the file is probed and becomes a video
   * before this returns, or is removed and a `media.*` error thrown. When the signal aborts, what has come stays, and an
   * upload that is whole by then is finished all the same. One writer at a time: `upload.locked`.
   */
  append(id: Id, offset: number, source: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number>
  /** Gives an unfinished upload up. */
  remove(id: Id): Promise<void>
  /** Removes the uploads that stood still for too long; how many. */
  expire(): Promise<number>
  /** Puts the library in line after a crash; call it once, before anything else. */
  recover(): Promise<void>
  /** Stops taking bytes and waits for what is under way; an upload that is being probed is finished at the next start. */
  close(): Promise<void>
}

/** Uploads over the store, the files and the media tools. */
export function createUploads(options: UploadsOptions): Uploads {
  const { store, files, limits, clock, checkSubtitles } = options
  const ulid = monotonicFactory()
  const closing = new AbortController()
  const writers = new Exclusive()
  const finishing = new Map<Id, Promise<void>>()

  const inMs = (ms: number) => new Date(clock() + ms).toISOString()
  const exclusively = async <T>(id: Id, work: () => Promise<T>) => {
    closing.signal.throwIfAborted()
    return writers.run(id, work, locked)
  }

  async function assertRoom(sizeBytes: number): Promise<void> {
    let needed = sizeBytes + (limits.reservedBytes ?? 0)
    for (const other of await store.uploads.list()) {
      needed += other.sizeBytes - (await files.uploadedBytes(other.videoId))
    }
    if (needed > (await files.freeBytes())) {
      throw new AppError('server.disk_full', `The disk has no room for ${sizeBytes} bytes more.`)
    }
  }

  async function finish(upload: UploadRow): Promise<void> {
    const finished = finishUpload(upload, closing.signal, options)
    finishing.set(upload.videoId, finished)
    try {
      await finished
    } finally {
      finishing.delete(upload.videoId)
    }
  }

  async function write(upload: UploadRow, offset: number, source: AsyncIterable<Uint8Array>, signal: AbortSignal) {
    const id = upload.videoId
    const { sizeBytes } = upload
    assertOffset(offset, await files.uploadedBytes(id))
    try {
      await appendBytes(
        { file: files.upload(id), offset, sizeBytes },
        source,
        AbortSignal.any([signal, closing.signal]),
      )
    } catch (error) {
      if (!(signal.aborted && (await files.uploadedBytes(id)) === sizeBytes)) throw error
    }
    const size = await files.uploadedBytes(id)
    if (size === sizeBytes) await finish(upload)
    else await store.uploads.prolong(id, inMs(limits.expiryMs))
    return size
  }

  // The row goes first: bytes without a row are removed at the next start.
  async function discard(id: Id): Promise<boolean> {
    const removed = await store.uploads.remove(id)
    if (removed) await files.removeUpload(id)
    return removed
  }

  return {
    async reserve({ filename, sizeBytes, title, subtitles }) {
      if (sizeBytes <= 0) throw new AppError('upload.empty', 'An upload must have at least one byte.')
      if (sizeBytes > limits.uploadBytes) {
        throw new AppError(
          'upload.too_large',
          `The file may have at most ${limits.uploadBytes} bytes, not ${sizeBytes}.`,
        )
      }
      if (subtitles !== undefined) await checkSubtitles(subtitles)
      await assertRoom(sizeBytes)
      const upload: UploadRow = {
        videoId: ulid(clock()),
        filename,
        title: title ?? titleOf(filename),
        sizeBytes,
        subtitles,
        createdAt: inMs(0),
        expiresAt: inMs(limits.expiryMs),
      }
      await store.uploads.insert(upload)
      return toUpload(upload, 0)
    },

    async status(id) {
      await Promise.allSettled([finishing.get(id)])
      const upload = await store.uploads.get(id)
      if (upload !== undefined) return toUpload(upload, await files.uploadedBytes(id))
      return finishedUpload((await store.videos.get(id)) ?? notFound())
    },

    append: (id, offset, source, signal) =>
      exclusively(id, async () => {
        const upload = await store.uploads.get(id)
        if (upload !== undefined) return write(upload, offset, source, signal)
        const video = (await store.videos.get(id)) ?? notFound()
        assertOffset(offset, video.sizeBytes)
        return video.sizeBytes
      }),

    async remove(id) {
      if (!(await exclusively(id, () => discard(id)))) notFound()
    },

    async expire() {
      const now = inMs(0)
      const isStale = (upload: UploadRow | undefined) => upload !== undefined && upload.expiresAt <= now
      let removed = 0
      for (const upload of await store.uploads.list()) {
        const id = upload.videoId
        if (!isStale(upload) || writers.has(id)) continue
        // Asked again under the lock: bytes may have come since.
        const gone = await exclusively(id, async () => isStale(await store.uploads.get(id)) && discard(id))
        if (gone) removed++
      }
      return removed
    },

    recover: () => recoverLibrary(closing.signal, options),

    async close() {
      closing.abort(new AppError('server.draining', 'The server is shutting down; send the rest after its restart.'))
      await writers.idle()
    },
  }
}

function titleOf(filename: string): string {
  return [...(parse(filename).name || filename)].slice(0, LIMITS.titleLength).join('')
}

function toUpload({ videoId, sizeBytes, expiresAt }: UploadRow, offset: number): Upload {
  return { videoId, url: `${UPLOADS_PATH}/${videoId}`, offset, sizeBytes, expiresAt }
}

/** An upload ends when its video begins. */
function finishedUpload({ id, sizeBytes, createdAt }: Video): Upload {
  return { videoId: id, url: `${UPLOADS_PATH}/${id}`, offset: sizeBytes, sizeBytes, expiresAt: createdAt }
}

function assertOffset(offset: number, size: number): void {
  if (offset === size) return
  throw new AppError('upload.offset_mismatch', `The upload stands at ${size}, not at ${offset}; ask with HEAD.`)
}

const locked = () => new AppError('upload.locked', 'Another request is writing to this upload; try again shortly.')

function notFound(): never {
  throw new AppError('upload.not_found', 'There is no unfinished upload of this id.')
}
