import { mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ignoreMissing } from '../../lib/ignore-missing.js'
import { type Pack, packId } from '../pack.js'
import { packDir } from '../verify.js'
import { withLock } from './lock.js'
import { lockFile, partialDir } from './pull.js'

/** Removes a pack and its partial download. Returns whether the pack was installed. */
export async function removePack(modelsDir: string, pack: Pack): Promise<boolean> {
  if (!(await ignoreMissing(stat(modelsDir)))) return false
  return await withLock(lockFile(modelsDir, pack), async () => {
    // Moved away first, so that a running server never sees a half-removed pack.
    const temporary = await mkdtemp(join(modelsDir, `.${packId(pack)}-`))
    try {
      await rm(partialDir(modelsDir, pack), { recursive: true, force: true })
      return await moved(packDir(modelsDir, pack), join(temporary, 'removed'))
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  })
}

async function moved(from: string, to: string): Promise<boolean> {
  if (!(await ignoreMissing(stat(from)))) return false
  await rename(from, to)
  return true
}
