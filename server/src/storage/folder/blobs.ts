import { mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Id } from '@cuewire/protocol'
import { ignoreMissing } from '../../lib/ignore-missing.js'
import { isId, nameOf, tenantPrefix, videoPrefix } from '../blob-names.js'
import type {
  Appender,
  BlobKey,
  Blobs,
  Lease,
  MadeKey,
  OpenBlob,
  ScratchFile,
  ScratchKey,
  ServerBlobs,
} from '../blobs.js'
import { scratchFile } from './scratch-file.js'
import { sizeOf } from './size-of.js'
import { writeWhole } from './write-whole.js'

/** Bytes read from a file at a time. */
const READ_BYTES = 64 * 1024

/** Blobs as files: `<folder>/tenants/<tenant>/uploads/<id>` while they arrive, `.../videos/<id>/` after. */
export function folderBlobs(folder: string): ServerBlobs {
  return { for: tenant => new FolderBlobs(folder, tenant) }
}

/** Folders are created with the first byte. */
class FolderBlobs implements Blobs {
  readonly #root: string

  constructor(
    private readonly folder: string,
    readonly tenant: string,
  ) {
    this.#root = join(folder, tenantPrefix(tenant))
  }

  async size(key: BlobKey): Promise<number | undefined> {
    return sizeOf(this.#path(key))
  }

  async uploads(): Promise<{ id: Id; sizeBytes: number }[]> {
    const found = (await ignoreMissing(readdir(join(this.#root, 'uploads')))) ?? []
    const sizes = found
      .filter(isId)
      .map(async id => ({ id, sizeBytes: (await this.size({ kind: 'upload', id })) ?? 0 }))
    return await Promise.all(sizes)
  }

  async append(id: Id, offset: number): Promise<Appender> {
    const path = this.#path({ kind: 'upload', id })
    const size = (await sizeOf(path)) ?? 0
    if (size !== offset) throw new Error(`the upload stands at ${size}, not at ${offset}`)
    await makeFolderOf(path)
    const handle = await open(path, 'a', 0o600)
    return {
      async write(bytes) {
        for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done)).bytesWritten
      },
      sync: () => handle.sync(),
      [Symbol.asyncDispose]: () => handle.close(),
    }
  }

  async adopt(id: Id): Promise<void> {
    const original = this.#path({ kind: 'original', id })
    await makeFolderOf(original)
    await rename(this.#path({ kind: 'upload', id }), original)
  }

  async write(key: MadeKey, bytes: Uint8Array): Promise<void> {
    // Does not create the folder: that of a video removed meanwhile must not reappear.
    await writeWhole(this.#path(key), bytes)
  }

  async open(key: BlobKey): Promise<OpenBlob | undefined> {
    const handle = await ignoreMissing(open(this.#path(key)))
    if (!handle) return undefined
    const { size, mtimeMs } = await handle.stat()
    return {
      sizeBytes: size,
      version: `${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}`,
      async *read({ start, end }) {
        for (let at = start; at < end; ) {
          const bytes = Buffer.allocUnsafe(Math.min(READ_BYTES, end - at))
          const { bytesRead } = await handle.read(bytes, 0, bytes.length, at)
          if (bytesRead === 0) return
          at += bytesRead
          yield bytes.subarray(0, bytesRead)
        }
      },
      [Symbol.asyncDispose]: () => handle.close(),
    }
  }

  /** The file itself. Does not check that it exists; opening it will fail if it does not. */
  async lease(key: BlobKey): Promise<Lease> {
    return { path: this.#path(key), [Symbol.asyncDispose]: async () => undefined }
  }

  scratch(key: ScratchKey): ScratchFile {
    return scratchFile(this.#path(key))
  }

  async removeAll(id: Id): Promise<void> {
    await rm(this.#path({ kind: 'upload', id }), { force: true })
    await rm(join(this.#root, videoPrefix(id)), { recursive: true, force: true })
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.folder)
    return bavail * bsize
  }

  #path(key: BlobKey | ScratchKey): string {
    return join(this.#root, nameOf(key))
  }
}

async function makeFolderOf(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
}
