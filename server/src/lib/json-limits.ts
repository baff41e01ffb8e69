const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

/**
 * Whether JSON text nests objects and arrays deeper than `levels`, found without parsing it. Of text that is not
 * JSON it only says something about the brackets.
 */
export function isDeeperThan(text: string, levels: number): boolean {
  // Each level takes two brackets.
  if (text.length < 2 * (levels + 1)) return false
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === BACKSLASH) i++
      else if (code === QUOTE) inString = false
    } else if (code === QUOTE) {
      inString = true
    } else if (code === OPENING_BRACKET || code === OPENING_BRACE) {
      if (++depth > levels) return true
    } else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) {
      depth--
    }
  }
  return false
}
