import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Id } from '@cuewire/protocol'
import { ignoreMissing } from '../../lib/ignore-missing.js'

/** Files derived from a video, kept beside it. */
export type Artefact = 'audio.s16le' | 'poster.jpg'

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

/** Where the bytes live: `<data>/uploads/<id>` while they arrive, `<data>/videos/<id>/` after. Names come from ids only. */
export class VideoFiles {
  constructor(private readonly dataDir: string) {}

  /** Makes the folders; call once before anything else. */
  async open(): Promise<void> {
    await mkdir(join(this.dataDir, 'uploads'), { recursive: true, mode: 0o700 })
    await mkdir(join(this.dataDir, 'videos'), { recursive: true, mode: 0o700 })
  }

  upload(id: Id): string {
    return join(this.dataDir, 'uploads', checked(id))
  }

  folder(id: Id): string {
    return join(this.dataDir, 'videos', checked(id))
  }

  original(id: Id): string {
    return join(this.folder(id), 'original')
  }

  artefact(id: Id, name: Artefact): string {
    return join(this.folder(id), name)
  }

  /** The pictures that were asked for, which can be made again. */
  stills(id: Id): string {
    return join(this.folder(id), 'stills')
  }

  /** Ids of the uploads that have bytes here. */
  uploads(): Promise<Id[]> {
    return ids(join(this.dataDir, 'uploads'))
  }

  /** Ids of the videos that have a folder here. */
  folders(): Promise<Id[]> {
    return ids(join(this.dataDir, 'videos'))
  }

  /** Bytes of an upload that are here. */
  async uploadedBytes(id: Id): Promise<number> {
    return (await ignoreMissing(stat(this.upload(id))))?.size ?? 0
  }

  /** Bytes of each upload that has any here. */
  async uploadSizes(): Promise<Map<Id, number>> {
    const found = await this.uploads()
    return new Map(await Promise.all(found.map(async id => [id, await this.uploadedBytes(id)] as const)))
  }

  /** Makes a whole upload the original of its video. */
  async adopt(id: Id): Promise<void> {
    await mkdir(this.folder(id), { recursive: true, mode: 0o700 })
    await rename(this.upload(id), this.original(id))
  }

  /** Removes the bytes of an upload. */
  async removeUpload(id: Id): Promise<void> {
    await rm(this.upload(id), { force: true })
  }

  /** Bytes the disk has left for this process. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.dataDir)
    return bavail * bsize
  }

  /** Removes a video's folder with all in it. */
  async remove(id: Id): Promise<void> {
    await rm(this.folder(id), { recursive: true, force: true })
  }
}

async function ids(folder: string): Promise<Id[]> {
  return (await readdir(folder)).filter(name => ULID.test(name))
}

function checked(id: Id): string {
  if (!ULID.test(id)) throw new Error(`not an id: ${JSON.stringify(id)}`)
  return id
}
