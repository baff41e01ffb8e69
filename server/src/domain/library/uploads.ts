import { type Id, LIMITS, type SubtitlesInput, type Upload, type Video } from '@cuewire/protocol'
import { monotonicFactory } from 'ulid'
import { AppError } from '../../lib/app-error.js'
import { every } from '../../lib/every.js'
import { Mutex } from '../../lib/mutex.js'
import { cut } from '../../lib/text.js'
import type { UploadRow } from '../../storage/store.js'
import { appendBytes, expectNoBytes } from './append-bytes.js'
import { Exclusive } from './exclusive.js'
import { type FinishOptions, finishUpload } from './finish-upload.js'

/** Path of the tus routes; an upload is at `<path>/<id>`. */
export const UPLOADS_PATH = '/v1/uploads'

/** How long an upload stays reserved for a process that no longer renews its hold. */
const HOLD_MS = 15_000

/** A request to upload a file. */
export interface UploadRequest {
  readonly filename: string
  readonly sizeBytes: number
  /** @default the file name without its extension */
  readonly title?: string | undefined
  readonly subtitles?: SubtitlesInput | undefined
  /** Trace context of the command. */
  readonly traceparent?: string | undefined
  /** `Upload-Metadata` of a tus client, unchanged. */
  readonly metadata?: string | undefined
}

/** The state of an upload, with its metadata. */
export interface UploadStatus extends Upload {
  readonly metadata?: string | undefined
}

export interface UploadLimits {
  /** Largest file. */
  readonly uploadBytes: number
  /** Most unfinished uploads. */
  readonly openUploads: number
  /** How long an upload may go without new bytes. */
  readonly expiryMs: number
  /** Bytes of the disk that uploads leave free. @default 0 */
  readonly reservedBytes?: number
}

export interface UploadsOptions extends FinishOptions {
  /** Throws `subtitles.invalid` if no cue can be read. */
  readonly checkSubtitles: (subtitles: SubtitlesInput) => Promise<unknown>
  readonly limits: UploadLimits
  /** Called when bytes of a file arrive. */
  readonly onBytes: () => void
  readonly logger: { error(data: object, message: string): void }
}

/** Uploads from their reservation to the video they become. */
export interface Uploads {
  /**
   * Reserves an upload. Throws `upload.empty`, `upload.too_large`, `subtitles.invalid`, `upload.too_many` or
   * `server.disk_full`.
   */
  reserve(request: UploadRequest): Promise<Upload>
  /**
   * The state of an upload. A finished one is reported at its final offset, so that a client that missed the last reply
   * learns of it.
   */
  status(id: Id): Promise<UploadStatus>
  /**
   * Appends bytes at `offset` and returns the new offset. After the last byte, the file is probed and becomes a video
   * before this returns; if it is unreadable, it is removed and a `media.*` error thrown. Bytes beyond the declared
   * size are refused, also for a finished upload. After such a refusal or an abort, the bytes received so far stay, and
   * an upload that is complete by then is still finished. One writer at a time; a second one gets `upload.locked`.
   */
  append(id: Id, offset: number, source: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number>
  /** Removes an unfinished upload. */
  remove(id: Id): Promise<void>
  /** Removes an expired upload; false if it has not expired or is being written to. */
  expire(id: Id): Promise<boolean>
  /** Finishes a complete upload that a crash left behind; false if there is none. */
  resume(id: Id): Promise<boolean>
  /** Stops accepting bytes and waits for running work. An upload that is being probed is finished at the next start. */
  close(): Promise<void>
}

/** Uploads over the store, the blobs and the media tools. */
export function createUploads(options: UploadsOptions): Uploads {
  const { store, blobs, limits, clock, checkSubtitles, removeFiles, onBytes, logger } = options
  const ulid = monotonicFactory()
  const closing = new AbortController()
  const writers = new Exclusive()
  const finishing = new Map<Id, Promise<void>>()
  const reservations = new Mutex()

  const inMs = (ms: number) => new Date(clock.now() + ms).toISOString()
  const exclusively = async <T>(id: Id, work: () => Promise<T>) => {
    closing.signal.throwIfAborted()
    return writers.run(id, () => held(id, work), locked)
  }

  /** Bytes of an upload received so far. */
  const uploadedBytes = async (id: Id) => (await blobs.size({ kind: 'upload', id })) ?? 0

  /** Whether an upload is complete; its bytes may already be the original of its video. */
  const isWhole = async ({ videoId: id, sizeBytes }: UploadRow) =>
    (await uploadedBytes(id)) === sizeBytes || (await blobs.size({ kind: 'original', id })) !== undefined

  /** Does the work while holding the upload against other processes. */
  async function held<T>(id: Id, work: () => Promise<T>): Promise<T> {
    if (!(await store.uploads.hold(id, HOLD_MS))) throw locked()
    const renewal = every(HOLD_MS / 3, () => store.uploads.hold(id, HOLD_MS), logger)
    try {
      return await work()
    } finally {
      await renewal.close()
      await store.uploads.letGo(id)
    }
  }

  /** Adds a reservation if there is room. One at a time, so that each sees the room taken by the one before. */
  const insert = (upload: UploadRow) =>
    reservations.run(async () => {
      const open = await store.uploads.totals()
      if (open.count >= limits.openUploads) {
        throw new AppError(
          'upload.too_many',
          `There are ${open.count} unfinished uploads; finish or remove some, or wait until they expire.`,
        )
      }
      const promised = open.sizeBytes + upload.sizeBytes + (limits.reservedBytes ?? 0)
      const short = promised - (await blobs.freeBytes())
      // Received bytes need no more room. Summing them touches every upload, so it is done only when it matters.
      if (short > 0 && short > sum((await blobs.uploads()).map(upload => upload.sizeBytes))) {
        throw new AppError(
          'server.disk_full',
          `The disk has no room for another ${upload.sizeBytes} bytes; try again once there is room.`,
        )
      }
      await store.uploads.insert(upload)
    })

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
    assertOffset(offset, await uploadedBytes(id))
    onBytes()
    try {
      await appendBytes(blobs, { id, offset, sizeBytes }, source, AbortSignal.any([signal, closing.signal]))
    } catch (error) {
      const tooLarge = error instanceof AppError && error.code === 'upload.too_large'
      const isWhole = (signal.aborted || tooLarge) && (await uploadedBytes(id)) === sizeBytes
      if (!isWhole) throw error
      if (tooLarge) {
        await finish(upload)
        throw error
      }
    }
    const size = await uploadedBytes(id)
    if (size === sizeBytes) await finish(upload)
    else await store.uploads.prolong(id, inMs(limits.expiryMs))
    return size
  }

  async function discard(id: Id, expiredAt?: string): Promise<boolean> {
    const removed = await store.uploads.remove(id, expiredAt)
    if (removed) await removeFiles(id)
    return removed
  }

  return {
    async reserve({ filename, sizeBytes, title, subtitles, metadata, traceparent }) {
      if (sizeBytes <= 0) throw new AppError('upload.empty', 'An upload must have at least one byte.')
      if (sizeBytes > limits.uploadBytes) {
        throw new AppError(
          'upload.too_large',
          `The file may have at most ${limits.uploadBytes} bytes, not ${sizeBytes}.`,
        )
      }
      if (subtitles !== undefined) await checkSubtitles(subtitles)
      const upload: UploadRow = {
        videoId: ulid(clock.now()),
        filename,
        title: title ?? titleOf(filename),
        sizeBytes,
        subtitles,
        metadata,
        traceparent,
        createdAt: inMs(0),
        expiresAt: inMs(limits.expiryMs),
      }
      await insert(upload)
      return toUpload(upload, 0)
    },

    async status(id) {
      await Promise.allSettled([finishing.get(id)])
      const upload = await store.uploads.get(id)
      if (upload === undefined) return finishedUpload((await store.videos.get(id)) ?? notFound())
      return { ...toUpload(upload, await uploadedBytes(id)), metadata: upload.metadata }
    },

    append: (id, offset, source, signal) =>
      exclusively(id, async () => {
        const upload = await store.uploads.get(id)
        if (upload !== undefined) return write(upload, offset, source, signal)
        const video = (await store.videos.get(id)) ?? notFound()
        assertOffset(offset, video.sizeBytes)
        await expectNoBytes(video.sizeBytes, source, AbortSignal.any([signal, closing.signal]))
        return video.sizeBytes
      }),

    async remove(id) {
      if (!(await exclusively(id, () => discard(id)))) notFound()
    },

    async expire(id) {
      try {
        // Checks the expiry again: bytes may have arrived since the caller looked.
        return await exclusively(id, () => discard(id, inMs(0)))
      } catch (error) {
        if (error instanceof AppError && error.code === 'upload.locked') return false
        throw error
      }
    },

    resume: id =>
      exclusively(id, async () => {
        const upload = await store.uploads.get(id)
        if (upload === undefined || !(await isWhole(upload))) return false
        await finish(upload)
        return true
      }),

    async close() {
      closing.abort(new AppError('server.draining', 'The server is shutting down; send the rest after its restart.'))
      await writers.idle()
    },
  }
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0)
}

/** The last part of a path, without its extension. */
function titleOf(filename: string): string {
  const name = filename.split('/').findLast(part => part !== '') ?? filename
  return cut(name.replace(/(?<=.)\.[^.]*$/s, ''), LIMITS.titleLength)
}

function toUpload({ videoId, sizeBytes, expiresAt }: UploadRow, offset: number): Upload {
  return { videoId, url: `${UPLOADS_PATH}/${videoId}`, offset, sizeBytes, expiresAt }
}

/** `expiresAt` of a finished upload is the time its video was created. */
function finishedUpload({ id, sizeBytes, createdAt }: Video): Upload {
  return { videoId: id, url: `${UPLOADS_PATH}/${id}`, offset: sizeBytes, sizeBytes, expiresAt: createdAt }
}

function assertOffset(offset: number, size: number): void {
  if (offset === size) return
  throw new AppError(
    'upload.offset_mismatch',
    `The upload is at offset ${size}, not ${offset}; ask for its offset with HEAD.`,
  )
}

const locked = () => new AppError('upload.locked', 'Another request is writing to this upload; try again shortly.')

function notFound(): never {
  throw new AppError(
    'upload.not_found',
    'There is no unfinished upload with this id; start a new one with video.create.',
  )
}
