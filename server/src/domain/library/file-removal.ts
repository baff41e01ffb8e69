import type { Id } from '@cuewire/protocol'
import type { Blobs } from '../../storage/blobs.js'
import type { Upkeep } from '../../storage/server-store.js'
import type { Stills } from './stills.js'

interface FileRemovalOptions {
  readonly blobs: Pick<Blobs, 'tenant' | 'removeAll'>
  readonly stills: Pick<Stills, 'forget'>
  readonly upkeep: Pick<Upkeep, 'filesRemoved'>
}

/** Removes what is stored of a video or an upload whose row is gone. Until it has, the store notes that it is still to do. */
export function createFileRemoval({ blobs, stills, upkeep }: FileRemovalOptions): (id: Id) => Promise<void> {
  return async videoId => {
    const { tenant } = blobs
    // In this order: a still that is asked for meanwhile finds no file to be made of.
    await blobs.removeAll(videoId)
    await stills.forget({ tenant, videoId })
    await upkeep.filesRemoved({ tenant, videoId })
  }
}
