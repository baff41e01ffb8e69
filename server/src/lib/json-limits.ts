const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
const COMMA = 0x2c

/** Limits on a JSON text. */
export interface JsonLimits {
  /** Levels of nested objects and arrays. */
  readonly depth: number
  /**
   * Values that contain no others: numbers, strings, empty arrays. With the limit on depth, this bounds containers too.
   */
  readonly values: number
}

/**
 * The limit that a JSON text exceeds, found without parsing it. Parsing takes a microsecond for each new key and memory
 * for each value. For text that is not JSON, the result only reflects its brackets and commas.
 */
export function jsonLimitBrokenBy(text: string, limits: JsonLimits): keyof JsonLimits | undefined {
  // A quick check: each level takes two brackets, and each value takes a comma or a bracket in addition to itself.
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
