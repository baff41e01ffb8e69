import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../lib/app-error.js'
import { ignoreMissing } from '../lib/ignore-missing.js'
import { MANIFEST_FILE, readManifest } from './manifest.js'
import { type ModelStatus, pullCommand } from './models.js'
import { isHubPack, isUnpublished, type Pack, type PackFile, packId } from './pack.js'

/** A faulty file, and what is wrong with it, as text to follow its name. */
interface FileFault {
  readonly path: string
  readonly fault: string
}

/** The folder a pack is installed in. */
export function packDir(modelsDir: string, pack: Pack): string {
  return join(modelsDir, packId(pack))
}

/** The files of a pack's folder, by name. */
export function installedPaths(pack: Pack): string[] {
  return [...pack.files.map(({ path }) => path), ...(isHubPack(pack) ? [MANIFEST_FILE] : [])]
}

/** Hashes a pack's installed files and returns whether it can be loaded. */
export async function checkPack(modelsDir: string, pack: Pack, signal?: AbortSignal): Promise<ModelStatus> {
  const dir = packDir(modelsDir, pack)
  const { task } = pack
  const broken = { task, pack: packId(pack), command: commandFor(pack) }
  if (!(await ignoreMissing(stat(dir)))) return { ...broken, state: 'missing', reason: `${pack.name} is not installed` }
  const found = await findPackFault(dir, pack, signal)
  if (found) return { ...broken, state: 'corrupt', reason: `${found.path} of ${pack.name} ${found.fault}` }
  return { task, state: 'ready', pack: packId(pack) }
}

function commandFor(pack: Pack): string {
  const command = pullCommand([packId(pack)])
  return isUnpublished(pack) ? `${command} --from <folder>` : command
}

/** Throws `model.missing` or `model.corrupt`, with the command that fixes it, unless the pack is ready. */
export function assertReady(status: ModelStatus): void {
  if (status.state === 'ready') return
  throw new AppError(`model.${status.state}`, `${status.reason}; fix it with: ${status.command}`)
}

/** The first faulty file of a pack's folder; undefined if all are correct. */
export async function findPackFault(dir: string, pack: Pack, signal?: AbortSignal): Promise<FileFault | undefined> {
  const expected = await expectedFiles(dir, pack)
  if ('fault' in expected) return { path: MANIFEST_FILE, fault: expected.fault }
  for (const file of expected.files) {
    const fault = await findFault(dir, file, signal)
    if (fault) return { path: file.path, fault }
  }
  return undefined
}

/** The files a pack's folder must contain, or what is wrong with its manifest. */
export async function expectedFiles(
  dir: string,
  pack: Pack,
): Promise<{ readonly files: readonly PackFile[] } | { readonly fault: string }> {
  if (!isHubPack(pack)) return { files: pack.files }
  const found = (await readManifest(dir, pack)) ?? { fault: 'is missing' }
  return 'fault' in found ? found : { files: found.manifest.files }
}

/** What is wrong with a file, as text to follow its name; undefined if it is correct. */
export async function findFault(dir: string, file: PackFile, signal?: AbortSignal): Promise<string | undefined> {
  const path = join(dir, file.path)
  const info = await ignoreMissing(stat(path))
  if (!info) return 'is missing'
  if (info.size !== file.bytes) return `has ${info.size} bytes, not ${file.bytes}`
  return (await sha256Of(path, signal)) === file.sha256 ? undefined : 'does not have the right hash'
}

/** The SHA-256 of a file, in hex. */
export async function sha256Of(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) })) {
    hash.update(chunk)
  }
  return hash.digest('hex')
}
