import { readFile } from 'node:fs/promises'
import type { Id } from '@cuewire/protocol'
import type { BlobKey, Blobs } from '@cuewire/server/storage/blobs.js'

/** Where the folder adapter has a blob, or would have it. */
export async function pathOf(blobs: Blobs, kind: BlobKey['kind'], id: Id): Promise<string> {
  return (await blobs.lease({ kind, id })).path
}

/** Puts the bytes of an upload there, as if a client had sent them. */
export async function putUpload(blobs: Blobs, id: Id, bytes: Uint8Array | string): Promise<void> {
  await using appender = await blobs.append(id, 0)
  await appender.write(Buffer.from(bytes))
}

/** Puts the original of a video there. */
export async function putOriginal(blobs: Blobs, id: Id, bytes: Uint8Array | string): Promise<void> {
  await putUpload(blobs, id, bytes)
  await blobs.adopt(id)
}

/** All of a blob; undefined when there is none. */
export async function readBlob(blobs: Blobs, kind: BlobKey['kind'], id: Id): Promise<Buffer | undefined> {
  return (await blobs.size({ kind, id })) === undefined ? undefined : await readFile(await pathOf(blobs, kind, id))
}
