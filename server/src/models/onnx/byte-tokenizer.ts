import { LIMITS } from '@cuewire/protocol/limits'
import { toLine } from '../../lib/text.js'
import type { TokenWord } from './tokenizer.js'

/** Scripts without spaces between words end their words at these marks. */
const WIDE_END = /[、。，！？]$/u

/**
 * Reads tokens of a byte-level BPE vocabulary (GPT-2, Whisper), whose pieces write each byte as a printable character.
 * Source of the table: openai/gpt-2, encoder.py, bytes_to_unicode.
 */
export class ByteTokenizer {
  readonly #pieces: readonly string[]

  /** `vocabulary`: the id of each piece. */
  constructor(vocabulary: Readonly<Record<string, number>>) {
    const pieces: string[] = []
    for (const [piece, id] of Object.entries(vocabulary)) pieces[id] = piece
    this.#pieces = pieces
  }

  /** Splits tokens into words at their leading spaces, or after the marks of scripts without spaces. */
  words(tokens: readonly number[]): TokenWord[] {
    const found: TokenWord[] = []
    let first = 0
    for (let end = 1; end <= tokens.length; end += 1) {
      const text = this.#text(tokens.slice(first, end))
      const isEnd = end === tokens.length || this.#startsWord(tokens[end]) || WIDE_END.test(text)
      if (!isEnd) continue
      let spokenEnd = end
      while (spokenEnd > first + 1 && !/[\p{L}\p{N}\ufffd]/u.test(this.#text(tokens.slice(spokenEnd - 1, spokenEnd)))) {
        spokenEnd -= 1
      }
      if (text !== '') found.push({ text, first, end, spokenEnd })
      first = end
    }
    return found
  }

  #startsWord(token: number | undefined): boolean {
    return token !== undefined && (this.#pieces[token] ?? '').startsWith('\u0120')
  }

  #text(tokens: readonly number[]): string {
    const bytes = tokens.flatMap(token => [...(this.#pieces[token] ?? '')].map(letter => BYTES.get(letter) ?? 0x3f))
    return toLine(new TextDecoder().decode(Uint8Array.from(bytes)), LIMITS.wordLength)
  }
}

/** The byte that each character of a piece stands for: itself where it is printable, otherwise one from U+0100 on. */
const BYTES: ReadonlyMap<string, number> = makeBytes()

function makeBytes(): Map<string, number> {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff)
  const bytes = new Map<string, number>()
  let other = 0x100
  for (let byte = 0; byte < 256; byte += 1) bytes.set(String.fromCharCode(isPrintable(byte) ? byte : other++), byte)
  return bytes
}
