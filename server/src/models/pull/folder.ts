import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../lib/app-error.js'
import { type Pack, packId } from '../pack.js'
import { packDir } from '../verify.js'

/** Copies a pack's installed files from another models folder, such as a mirror on a network drive. */
export async function copyFromFolder(pack: Pack, mirror: string, to: string): Promise<void> {
  for (const file of pack.files) {
    const target = join(to, file.path)
    await mkdir(dirname(target), { recursive: true })
    await copyFile(join(packDir(mirror, pack), file.path), target).catch(cause => {
      throw new AppError('model.missing', `the folder to copy from has no readable ${packId(pack)}/${file.path}`, {
        cause,
      })
    })
  }
}
