import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../lib/app-error.js'
import { ignoreMissing } from '../lib/ignore-missing.js'
import { type ModelStatus, pullCommand } from './models.js'
import { type Pack, type PackFile, packId } from './pack.js'

/** The folder a pack is installed in. */
export function packDir(modelsDir: string, pack: Pack): string {
  return join(modelsDir, packId(pack))
}

/** Hashes a pack's installed files and returns whether it can be loaded. */
export async function checkPack(modelsDir: string, pack: Pack, signal?: AbortSignal): Promise<ModelStatus> {
  const dir = packDir(modelsDir, pack)
  const { task } = pack
  const broken = { task, pack: packId(pack), command: pullCommand([packId(pack)]) }
  if (!(await ignoreMissing(stat(dir)))) return { ...broken, state: 'missing', reason: `${pack.name} is not installed` }
  for (const file of pack.files) {
    const fault = await findFault(dir, file, signal)
    if (fault) return { ...broken, state: 'corrupt', reason: `${file.path} of ${pack.name} ${fault}` }
  }
  return { task, state: 'ready', pack: packId(pack) }
}

/** Throws `model.missing` or `model.corrupt`, with the command that fixes it, unless the pack is ready. */
export function assertReady(status: ModelStatus): void {
  if (status.state === 'ready') return
  throw new AppError(`model.${status.state}`, `${status.reason}; fix it with: ${status.command}`)
}

/** What is wrong with a file, as text to follow its name; undefined if it is correct. */
export async function findFault(dir: string, file: PackFile, signal?: AbortSignal): Promise<string | undefined> {
  const path = join(dir, file.path)
  const info = await ignoreMissing(stat(path))
  if (!info) return 'is missing'
  if (info.size !== file.bytes) return `has ${info.size} bytes, not ${file.bytes}`
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) })) {
    hash.update(chunk)
  }
  return hash.digest('hex') === file.sha256 ? undefined : 'does not have the right hash'
}
