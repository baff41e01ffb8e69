import type { Id } from '@cuewire/protocol'
import { abortable } from '../../lib/abortable.js'
import { AppError, isDiskFull } from '../../lib/app-error.js'
import type { Appender, Blobs } from '../../storage/blobs.js'

/** An upload that grows to its declared size. */
export interface GrowingUpload {
  readonly id: Id
  /** Current size. */
  readonly offset: number
  /** Declared size. */
  readonly sizeBytes: number
}

/**
 * Appends the bytes of a source to an upload until the source ends or the signal aborts (then it throws the reason).
 * Bytes already written stay. Bytes beyond the declared size are refused. A complete upload is synced. Returns the new
 * size.
 */
export async function appendBytes(
  blobs: Pick<Blobs, 'append'>,
  upload: GrowingUpload,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> {
  await using appender = await blobs.append(upload.id, upload.offset)
  let size = upload.offset
  try {
    for await (const piece of declaredPieces(upload, source, signal)) {
      await write(appender, piece)
      size += piece.length
    }
    return size
  } finally {
    if (size === upload.sizeBytes) await appender.sync()
  }
}

/** Reads a source that must be empty, because the upload is complete. */
export async function expectNoBytes(
  sizeBytes: number,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const pieces = declaredPieces({ offset: sizeBytes, sizeBytes }, source, signal)
  while (!(await pieces.next()).done);
}

/** The pieces of a source up to the declared size; throws at the first one beyond it. */
async function* declaredPieces(
  { offset, sizeBytes }: Pick<GrowingUpload, 'offset' | 'sizeBytes'>,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  let end = offset
  const pieces = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const piece = await abortable(pieces.next(), signal)
      if (piece.done) return
      end += piece.value.length
      if (end > sizeBytes) {
        throw new AppError(
          'upload.too_large',
          `More bytes arrived than the declared size of ${sizeBytes}; if that size is wrong, start a new upload.`,
        )
      }
      yield piece.value
    }
  } finally {
    // Not awaited: a source that hangs would block the upload.
    pieces.return?.()?.catch(() => undefined)
  }
}

async function write(appender: Appender, bytes: Uint8Array): Promise<void> {
  try {
    await appender.write(bytes)
  } catch (error) {
    if (isDiskFull(error)) {
      throw new AppError('server.disk_full', 'The disk is full; the bytes so far are kept.', { cause: error })
    }
    throw error
  }
}
