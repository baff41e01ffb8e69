import { access, constants, stat } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'

/** The first runnable file of this name in the folders of a PATH. */
export async function findOnPath(name: string, searchPath: string): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter)) {
    // An empty entry means the working directory. Skip it, so that a stray file there is never run.
    if (folder === '') continue
    const file = resolve(join(folder, name))
    if (await isRunnable(file)) return file
  }
  return undefined
}

/** Whether a file is there and may be run. */
export async function isRunnable(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) return false
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}
