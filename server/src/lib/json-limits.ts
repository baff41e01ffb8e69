const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
const COMMA = 0x2c

/** What a JSON text may be made of. */
export interface JsonLimits {
  /** Objects and arrays within each other. */
  readonly depth: number
  /** Values that hold no others: numbers, strings, empty arrays. It bounds the others too, as their depth is bounded. */
  readonly values: number
}

/**
 * The limit a JSON text is over, found without parsing it: the parser needs a microsecond for each key it has not seen, and
 * memory for each value. Of text that is not JSON it only says something about the brackets and commas.
 */
export function jsonLimitBrokenBy(text: string, limits: JsonLimits): keyof JsonLimits | undefined {
  // Each level takes two brackets, and each value a comma or a bracket beside itself.
  if (text.length < 2 * Math.min(limits.depth + 1, limits.values)) return undefined
  let depth = 0
  let values = 1
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === BACKSLASH) i++
      else if (code === QUOTE) inString = false
    } else if (code === QUOTE) {
      inString = true
    } else if (code === COMMA) {
      if (++values > limits.values) return 'values'
    } else if (code === OPENING_BRACKET || code === OPENING_BRACE) {
      if (++depth > limits.depth) return 'depth'
    } else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) {
      depth--
    }
  }
  return undefined
}
