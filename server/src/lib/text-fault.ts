import { TEXT_KINDS } from '@cuewire/protocol'
import { lengthOf } from './text.js'

const KINDS = Object.values(TEXT_KINDS)

/** What is wrong with a text of a kind that `pattern` tells, with the first character that may not be in it. */
export function textFault(pattern: unknown, text: unknown): string | undefined {
  const kind = KINDS.find(kind => kind.pattern === pattern)
  if (!kind || typeof text !== 'string') return undefined
  // Without its end the pattern matches what comes before the fault.
  const good = new RegExp(kind.pattern.slice(0, -1), 'u').exec(text)?.[0] ?? ''
  const fault = text.codePointAt(good.length)
  if (fault === undefined) return undefined
  const name = `U+${fault.toString(16).toUpperCase().padStart(4, '0')}`
  const half = fault >= 0xd800 && fault <= 0xdfff ? ', half of a surrogate pair' : ''
  return `${kind.rule}; character ${lengthOf(good) + 1} is ${name}${half}`
}
