import { fileStamp } from '../../lib/file-stamp.js'
import { type InspectedFile, inspect } from './inspect.js'

/** A job asks for the same file when it is probed, decoded and read for subtitles; a few jobs run side by side. */
const REMEMBERED = 8

/** With the programs, what reads a file needs. */
export interface Inspector {
  readonly inspect: typeof inspect
}

/** `inspect` for callers that ask for the same file again: ffprobe takes 0.1 s each time, and then runs only once the file has changed. */
export function rememberedInspect(): Inspector['inspect'] {
  const known = new Map<string, InspectedFile>()
  return async (ffprobe, file, signal) => {
    const stamp = await fileStamp(file)
    const key = stamp && `${ffprobe} ${stamp} ${file}`
    const found = key && known.get(key)
    if (found) return found
    const inspected = await inspect(ffprobe, file, signal)
    if (key) known.set(key, inspected)
    const [oldest = ''] = known.keys()
    if (known.size > REMEMBERED) known.delete(oldest)
    return inspected
  }
}
