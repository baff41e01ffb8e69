import { TEXT_KINDS } from '@cuewire/protocol'
import { lengthOf } from './text.js'

const KINDS = Object.values(TEXT_KINDS)

/**
 * Describes what is wrong with a text, with its first invalid character. Undefined if `pattern` is not one of the text
 * kinds.
 */
export function textFault(pattern: unknown, text: unknown): string | undefined {
  const kind = KINDS.find(kind => kind.pattern === pattern)
  if (!kind || typeof text !== 'string') return undefined
  // Without its end anchor, the pattern matches the text before the fault.
  const good = new RegExp(kind.pattern.slice(0, -1), 'u').exec(text)?.[0] ?? ''
  const fault = text.codePointAt(good.length)
  if (fault === undefined) return undefined
  const name = `U+${fault.toString(16).toUpperCase().padStart(4, '0')}`
  const half = fault >= 0xd800 && fault <= 0xdfff ? ', half of a surrogate pair' : ''
  return `${kind.rule}; character ${lengthOf(good) + 1} is ${name}${half}`
}
