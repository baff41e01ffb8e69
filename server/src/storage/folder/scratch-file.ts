import { open, rm, writeFile } from 'node:fs/promises'
import type { ScratchFile, ScratchReader } from '../blobs.js'
import { sizeOf } from './size-of.js'

/** A scratch file at a path. */
export function scratchFile(path: string): ScratchFile {
  return {
    path,
    create: () => writeFile(path, ''),
    size: () => sizeOf(path),
    open: () => openReader(path),
    remove: () => rm(path, { force: true }),
  }
}

async function openReader(path: string): Promise<ScratchReader> {
  const handle = await open(path)
  return {
    async read(position, length) {
      const bytes = Buffer.allocUnsafe(length)
      const { bytesRead } = await handle.read(bytes, 0, length, position)
      return bytes.subarray(0, bytesRead)
    },
    [Symbol.asyncDispose]: () => handle.close(),
  }
}
