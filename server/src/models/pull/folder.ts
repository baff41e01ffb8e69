import { copyFile, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../lib/app-error.js'
import { ignoreMissing } from '../../lib/ignore-missing.js'
import { MANIFEST_FILE, manifestOf, readManifest, writeManifest } from '../manifest.js'
import { type HubPack, isHubPack, type Pack, packId } from '../pack.js'
import { packDir, sha256Of } from '../verify.js'

/**
 * Copies a pack's installed files from another models folder, such as a mirror on a network drive. The files of a hub pack
 * may also be in a folder without a version and a manifest, as when downloaded by hand.
 */
export async function copyFromFolder(pack: Pack, mirror: string, to: string): Promise<void> {
  const from = await folderOf(pack, mirror)
  for (const { path } of pack.files) {
    const target = join(to, path)
    await mkdir(dirname(target), { recursive: true })
    await copyFile(join(from, path), target).catch(cause => {
      throw new AppError('model.missing', `the folder to copy from has no readable ${packId(pack)}/${path}`, { cause })
    })
  }
  if (isHubPack(pack)) await copyManifest(pack, from, to)
}

async function folderOf(pack: Pack, mirror: string): Promise<string> {
  const plain = join(mirror, pack.name)
  const installed = packDir(mirror, pack)
  if (!isHubPack(pack) || (await ignoreMissing(stat(installed)))) return installed
  return (await ignoreMissing(stat(plain))) ? plain : installed
}

/** Copies the manifest, or makes one from the files. What the pack pins is checked either way. */
async function copyManifest(pack: HubPack, from: string, to: string): Promise<void> {
  const found = await readManifest(from, pack)
  if (found && 'fault' in found) {
    throw new AppError(
      'model.corrupt',
      `${MANIFEST_FILE} in the folder to copy from ${found.fault}; nothing was installed`,
    )
  }
  const files = pack.files.map(async ({ path }) => {
    const { size: bytes } = await stat(join(to, path))
    return { path, bytes, sha256: await sha256Of(join(to, path)) }
  })
  await writeManifest(to, found?.manifest ?? manifestOf(pack, await Promise.all(files)))
}
