import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { abortable } from '../../lib/abortable.js'
import { AppError, isDiskFull } from '../../lib/app-error.js'

/** A file that grows to its declared size. */
export interface GrowingFile {
  readonly file: string
  /** Bytes it has. */
  readonly offset: number
  /** Bytes it shall have. */
  readonly sizeBytes: number
}

/**
 * Adds the bytes of a source to the end of a file until the source ends or the signal aborts (then it throws the reason);
 * what was written stays. A piece that goes beyond the declared size is refused. A file that became whole is synced to the
 * disk. Returns the bytes the file has now.
 */
export async function appendBytes(
  { file, offset, sizeBytes }: GrowingFile,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, 'a', 0o600)
  let size = offset
  const pieces = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const piece = await abortable(pieces.next(), signal)
      if (piece.done) break
      if (size + piece.value.length > sizeBytes) {
        throw new AppError('upload.too_large', `More bytes came than the declared size of ${sizeBytes}.`)
      }
      await writeAll(handle, piece.value)
      size += piece.value.length
    }
    return size
  } finally {
    if (size === sizeBytes) await handle.sync()
    await handle.close()
    // Not awaited: a source that hangs would hold the upload.
    pieces.return?.()?.catch(() => undefined)
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  try {
    for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done)).bytesWritten
  } catch (error) {
    if (isDiskFull(error)) {
      throw new AppError('server.disk_full', 'The disk is full; the bytes so far are kept.', { cause: error })
    }
    throw error
  }
}
