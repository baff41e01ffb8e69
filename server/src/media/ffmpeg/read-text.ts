import type { Readable } from 'node:stream'
import { AppError } from '../../lib/app-error.js'

/** All that comes out of a pipe, as UTF-8; `media.unreadable` past `maxBytes`. */
export async function readText(pipe: Readable, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of pipe) {
    parts.push(part)
    length += part.length
    if (length > maxBytes) {
      throw new AppError('media.unreadable', `The file holds more than ${maxBytes} bytes of text; it may be damaged.`)
    }
  }
  return Buffer.concat(parts).toString('utf8')
}
