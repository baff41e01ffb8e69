import { join } from 'node:path'
import { fileStamp } from '../lib/file-stamp.js'
import type { ModelStatus } from './models.js'
import type { Pack } from './pack.js'
import { checkPack, installedPaths, packDir } from './verify.js'

/** Returns a function that gives a pack's status; its files are hashed anew only when one of them has changed. */
export function packStatus(modelsDir: string, pack: Pack): () => Promise<ModelStatus> {
  let known: { readonly stamp: string; readonly status: Promise<ModelStatus> } | undefined
  return async () => {
    const stamp = await stampOf(packDir(modelsDir, pack), pack)
    if (known?.stamp !== stamp) {
      const status = checkPack(modelsDir, pack)
      known = { stamp, status }
      // A failed check (a disk fault, say) is not remembered.
      status.catch(() => {
        known = undefined
      })
    }
    return known.status
  }
}

async function stampOf(dir: string, pack: Pack): Promise<string> {
  return (await Promise.all(installedPaths(pack).map(path => fileStamp(join(dir, path))))).join()
}
