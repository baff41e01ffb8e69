import { stat } from 'node:fs/promises'

/** Changes when a file does; undefined for one that cannot be looked at, which whoever opens it will say. */
export async function fileStamp(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found && `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`
}
