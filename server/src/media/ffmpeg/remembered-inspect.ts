import { fileStamp } from '../../lib/file-stamp.js'
import { type InspectedFile, inspect } from './inspect.js'

/** A job inspects the same file for probing, decoding and subtitles, and a few jobs run at the same time. */
const REMEMBERED = 8

/** What reading a file needs besides the programs. */
export interface Inspector {
  readonly inspect: typeof inspect
}

/** A caching `inspect`: ffprobe takes 0.1 s each time, so it runs again only if the file has changed. */
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
