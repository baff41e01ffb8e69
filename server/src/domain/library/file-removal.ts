import type { Id } from '@cuewire/protocol'
import type { Upkeep } from '../../storage/server-store.js'
import type { VideoFiles } from './files.js'
import type { Stills } from './stills.js'

interface FileRemovalOptions {
  readonly files: VideoFiles
  readonly stills: Pick<Stills, 'forget'>
  readonly upkeep: Pick<Upkeep, 'filesRemoved'>
}

/** Removes what is on disk of a video or an upload whose row is gone. Until it has, the store notes that it is still to do. */
export function createFileRemoval({ files, stills, upkeep }: FileRemovalOptions): (id: Id) => Promise<void> {
  return async id => {
    // In this order: a still that is asked for meanwhile finds no file to be made of.
    await files.remove(id)
    await stills.forget(files, id)
    await upkeep.filesRemoved({ tenant: files.tenant, videoId: id })
  }
}
