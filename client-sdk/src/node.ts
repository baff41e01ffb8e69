import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Video } from '#protocol'
import type { Client } from './client.js'
import { ClientError } from './errors.js'
import type { UploadOptions } from './upload.js'

/** Uploads a file of this machine, read in chunks; its own name is the filename unless one is given. */
export async function uploadFile(client: Client, path: string, options: UploadOptions = {}): Promise<Video> {
  const file = await open(path)
  try {
    const source = {
      sizeBytes: (await file.stat()).size,
      async read(start: number, end: number) {
        const bytes = new Uint8Array(end - start)
        const { bytesRead } = await file.read(bytes, 0, bytes.length, start)
        if (bytesRead > 0) return bytes.subarray(0, bytesRead)
        throw new ClientError(`${path} became shorter while it was uploaded`)
      },
    }
    return await client.upload(source, { filename: basename(path), ...options })
  } finally {
    await file.close()
  }
}
