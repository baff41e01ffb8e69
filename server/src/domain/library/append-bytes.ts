import type { Id } from '@cuewire/protocol'
import { abortable } from '../../lib/abortable.js'
import { AppError, isDiskFull } from '../../lib/app-error.js'
import type { Appender, Blobs } from '../../storage/blobs.js'

/** An upload that grows to its declared size. */
export interface GrowingUpload {
  readonly id: Id
  /** Bytes it has. */
  readonly offset: number
  /** Bytes it shall have. */
  readonly sizeBytes: number
}

/**
 * Adds the bytes of a source to the end of an upload until the source ends or the signal aborts (then it throws the reason);
 * what was written stays. A piece that goes beyond the declared size is refused. An upload that became whole is synced.
 * Returns the bytes it has now.
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

/** Reads a source that may hold no byte more, as the upload has all of its declared bytes. */
export async function expectNoBytes(
  sizeBytes: number,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const pieces = declaredPieces({ offset: sizeBytes, sizeBytes }, source, signal)
  while (!(await pieces.next()).done);
}

/** The pieces of a source, up to the declared size: the one that goes beyond it is refused. */
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
    // Not awaited: a source that hangs would hold the upload.
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
