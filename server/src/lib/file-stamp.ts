import { stat } from 'node:fs/promises'

/**
 * A value that changes when the file changes. Undefined if the file cannot be examined; opening it then reports why.
 */
export async function fileStamp(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found && `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`
}
