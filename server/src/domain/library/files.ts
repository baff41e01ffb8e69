import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Id } from '@cuewire/protocol'

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

  /** Removes a video's folder with all in it. */
  async remove(id: Id): Promise<void> {
    await rm(this.folder(id), { recursive: true, force: true })
  }
}

function checked(id: Id): string {
  if (!ULID.test(id)) throw new Error(`not an id: ${JSON.stringify(id)}`)
  return id
}
