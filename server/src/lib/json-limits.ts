const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
const COLON = 0x3a

/** What a JSON text may be made of. */
export interface JsonLimits {
  /** Objects and arrays within each other. */
  readonly depth: number
  /** Keys of all objects together. */
  readonly keys: number
}

/**
 * The limit a JSON text is over, found without parsing it: the parser needs a microsecond for each key it has not seen.
 * Of text that is not JSON it only says something about the brackets and colons.
 */
export function jsonLimitBrokenBy(text: string, limits: JsonLimits): keyof JsonLimits | undefined {
  // Each level takes two brackets, and each key four characters.
  if (text.length < Math.min(2 * (limits.depth + 1), 4 * limits.keys)) return undefined
  let depth = 0
  let keys = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === BACKSLASH) i++
      else if (code === QUOTE) inString = false
    } else if (code === QUOTE) {
      inString = true
    } else if (code === COLON) {
      if (++keys > limits.keys) return 'keys'
    } else if (code === OPENING_BRACKET || code === OPENING_BRACE) {
      if (++depth > limits.depth) return 'depth'
    } else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) {
      depth--
    }
  }
  return undefined
}
