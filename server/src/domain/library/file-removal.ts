import type { Id } from '@cuewire/protocol'
import type { Blobs } from '../../storage/blobs.js'
import type { Upkeep } from '../../storage/server-store.js'
import type { Stills } from './stills.js'

interface FileRemovalOptions {
  readonly blobs: Pick<Blobs, 'tenant' | 'removeAll'>
  readonly stills: Pick<Stills, 'forget'>
  readonly upkeep: Pick<Upkeep, 'filesRemoved'>
}

/** Removes the files of a video or an upload whose row is gone. The store keeps a note until this is done. */
export function createFileRemoval({ blobs, stills, upkeep }: FileRemovalOptions): (id: Id) => Promise<void> {
  return async videoId => {
    const { tenant } = blobs
    // In this order, so that a still requested meanwhile finds no source file.
    await blobs.removeAll(videoId)
    await stills.forget({ tenant, videoId })
    await upkeep.filesRemoved({ tenant, videoId })
  }
}
