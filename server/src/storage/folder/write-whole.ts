import { rename, rm, writeFile } from 'node:fs/promises'
import { isDead, PROCESS_ID } from '../../lib/process-id.js'

const PART = '.part'
let parts = 0

/**
 * Writes or replaces a file atomically: readers see all of it or nothing, even if several processes write at the same
 * time.
 */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const part = `${file}.${++parts}.${PROCESS_ID}${PART}`
  try {
    await writeFile(part, bytes, { mode: 0o600 })
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** Whether a file name is that of a partly written file. */
export function isPart(name: string): boolean {
  return name.endsWith(PART)
}

/** Whether it was left by a dead process. */
export function isAbandoned(part: string): boolean {
  const [, processId] = /\.(\d+\.[^.]+)\.part$/.exec(part) ?? []
  return processId === undefined || isDead(processId)
}
