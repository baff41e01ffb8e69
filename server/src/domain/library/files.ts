import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Id } from '@cuewire/protocol'
import { ignoreMissing } from '../../lib/ignore-missing.js'
import { isTenantName } from '../../lib/tenant-name.js'

/** Files derived from a video, kept beside it. */
export type Artefact = 'audio.s16le' | 'poster.jpg'

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

/**
 * Where the bytes of one tenant live: `<data>/tenants/<tenant>/uploads/<id>` while they arrive, `.../videos/<id>/` after.
 * Names come from ids only, and folders are made when the first byte comes.
 */
export class VideoFiles {
  private readonly root: string

  constructor(
    private readonly dataDir: string,
    readonly tenant: string,
  ) {
    if (!isTenantName(tenant)) throw new Error(`not a name of a tenant: ${JSON.stringify(tenant)}`)
    this.root = join(dataDir, 'tenants', tenant)
  }

  upload(id: Id): string {
    return join(this.root, 'uploads', checked(id))
  }

  folder(id: Id): string {
    return join(this.root, 'videos', checked(id))
  }

  original(id: Id): string {
    return join(this.folder(id), 'original')
  }

  artefact(id: Id, name: Artefact): string {
    return join(this.folder(id), name)
  }

  /** Bytes of an upload that are here. */
  async uploadedBytes(id: Id): Promise<number> {
    return (await ignoreMissing(stat(this.upload(id))))?.size ?? 0
  }

  /** Bytes of each upload that has any here. */
  async uploadSizes(): Promise<Map<Id, number>> {
    const found = (await ignoreMissing(readdir(join(this.root, 'uploads')))) ?? []
    return new Map(await Promise.all(found.filter(isId).map(async id => [id, await this.uploadedBytes(id)] as const)))
  }

  /** Whether all bytes of an upload are here, be it as the original of its video. */
  async isWhole(id: Id, sizeBytes: number): Promise<boolean> {
    const [upload, original] = [this.upload(id), this.original(id)].map(file => ignoreMissing(stat(file)))
    return (await upload)?.size === sizeBytes || (await original) !== undefined
  }

  /** Makes a whole upload the original of its video. */
  async adopt(id: Id): Promise<void> {
    await mkdir(this.folder(id), { recursive: true, mode: 0o700 })
    await rename(this.upload(id), this.original(id))
  }

  /** Bytes the disk has left for this process. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.dataDir)
    return bavail * bsize
  }

  /** Removes a video with everything made of it, or the bytes of its upload. */
  async remove(id: Id): Promise<void> {
    await rm(this.upload(id), { force: true })
    await rm(this.folder(id), { recursive: true, force: true })
  }
}

const isId = (name: string) => ULID.test(name)

function checked(id: Id): string {
  if (!isId(id)) throw new Error(`not an id: ${JSON.stringify(id)}`)
  return id
}
