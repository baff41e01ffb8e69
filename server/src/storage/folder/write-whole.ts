import { rename, rm, writeFile } from 'node:fs/promises'
import { isDead, PROCESS_ID } from '../../lib/process-id.js'

const PART = '.part'
let parts = 0

/** Writes or replaces a file so that readers see all of it or nothing, whichever processes write it at the same time. */
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

/** Whether a file name is that of a part. */
export function isPart(name: string): boolean {
  return name.endsWith(PART)
}

/** Whether a part was left by a process that is dead. */
export function isAbandoned(part: string): boolean {
  const [, processId] = /\.(\d+\.[^.]+)\.part$/.exec(part) ?? []
  return processId === undefined || isDead(processId)
}
