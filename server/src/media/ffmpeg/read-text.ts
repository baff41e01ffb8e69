import { isUtf8 } from 'node:buffer'
import type { Readable } from 'node:stream'
import { AppError } from '../../lib/app-error.js'

const LINE_FEED = 0x0a
const REPLACEMENT = '\uFFFD'

/** Reads a pipe to its end as text. Throws `media.unreadable` beyond `maxBytes`. */
export async function readText(pipe: Readable, maxBytes: number): Promise<string> {
  const { text, isCut } = await readTextStart(pipe, maxBytes)
  if (isCut) {
    throw new AppError('media.unreadable', `The file holds more than ${maxBytes} bytes of text; it may be damaged.`)
  }
  return text
}

/** Reads up to `maxBytes` of a pipe as text, and whether there was more. */
export async function readTextStart(pipe: Readable, maxBytes: number): Promise<{ text: string; isCut: boolean }> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of pipe) {
    parts.push(part)
    length += part.length
    if (length > maxBytes) break
  }
  return { text: decodeText(Buffer.concat(parts).subarray(0, maxBytes)), isCut: length > maxBytes }
}

// The characters 0x80 to 0x9F of windows-1252, which Node's decoder treats as control characters.
const FROM_0X80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/** Decodes UTF-8. Lines that are not UTF-8, as in old subtitles, are decoded as windows-1252. */
function decodeText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  const lines: string[] = []
  for (let from = 0; from <= bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, from)
    const to = end < 0 ? bytes.length : end
    const line = bytes.subarray(from, to)
    lines.push(decodeLine(line))
    from = to + 1
  }
  return lines.join('\n')
}

/** If other characters of the line are UTF-8, the line is UTF-8 and the invalid bytes are damage. */
function decodeLine(line: Buffer): string {
  const text = line.toString('utf8')
  if (isUtf8(line)) return text
  const whole = text.replaceAll(REPLACEMENT, '')
  return /[^\0-\x7f]/.test(whole) ? whole : westernText(line)
}

const westernText = (bytes: Buffer) =>
  bytes.toString('latin1').replace(/[\x80-\x9f]/g, character => FROM_0X80.charAt(character.charCodeAt(0) - 0x80))
