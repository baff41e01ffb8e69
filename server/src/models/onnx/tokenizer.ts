import { LIMITS } from '@cuewire/protocol/limits'
import llamaTokenizer from 'llama-tokenizer-js'
import { toLine } from '../../lib/text.js'

const BYTE = /^<0x([0-9A-F]{2})>$/
const SPACE = '\u2581'

/** A run of tokens that makes one word, with the word as text. */
export interface TokenWord {
  readonly text: string
  /** Index of the first token, and of the one after the last. */
  readonly first: number
  readonly end: number
  /** Index after the last token that is more than punctuation. */
  readonly spokenEnd: number
}

/** Splits tokens of Llama's vocabulary into words at their leading spaces; tokens outside the vocabulary have no text. */
export function tokenWords(tokens: readonly number[]): TokenWord[] {
  const starts = tokens.flatMap((token, index) => (index === 0 || piece(token).startsWith(SPACE) ? [index] : []))
  return starts.flatMap((first, index) => {
    const end = starts[index + 1] ?? tokens.length
    const text = decode(tokens.slice(first, end))
    if (text === '') return []
    let spokenEnd = end
    while (spokenEnd > first + 1 && !isSpoken(tokens[spokenEnd - 1])) spokenEnd -= 1
    return [{ text, first, end, spokenEnd }]
  })
}

function piece(token: number): string {
  const text = llamaTokenizer.vocabById[token] ?? ''
  // The vocabulary opens with <unk>, <s> and </s>.
  return token < 3 ? '' : text
}

function isSpoken(token: number | undefined): boolean {
  return token !== undefined && /[\p{L}\p{N}]|^<0x/u.test(piece(token))
}

function decode(tokens: readonly number[]): string {
  const bytes: number[] = []
  for (const token of tokens) {
    const text = piece(token)
    const byte = BYTE.exec(text)?.[1]
    if (byte === undefined) bytes.push(...new TextEncoder().encode(text.replaceAll(SPACE, ' ')))
    else bytes.push(Number.parseInt(byte, 16))
  }
  return toLine(new TextDecoder().decode(Uint8Array.from(bytes)).replaceAll('♪', ''), LIMITS.wordLength)
}
