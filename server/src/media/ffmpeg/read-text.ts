import type { Readable } from 'node:stream'
import { AppError } from '../../lib/app-error.js'

/** All that comes out of a pipe, as UTF-8; `media.unreadable` past `maxBytes`. */
export async function readText(pipe: Readable, maxBytes: number): Promise<string> {
  const { text, isCut } = await readTextStart(pipe, maxBytes)
  if (isCut) {
    throw new AppError('media.unreadable', `The file holds more than ${maxBytes} bytes of text; it may be damaged.`)
  }
  return text
}

/** The first `maxBytes` that come out of a pipe, as UTF-8, and whether there was more. */
export async function readTextStart(pipe: Readable, maxBytes: number): Promise<{ text: string; isCut: boolean }> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of pipe) {
    parts.push(part)
    length += part.length
    if (length > maxBytes) break
  }
  return { text: Buffer.concat(parts).subarray(0, maxBytes).toString('utf8'), isCut: length > maxBytes }
}
