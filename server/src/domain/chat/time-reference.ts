import type { Seconds } from '@cuewire/protocol'

/** A place in a video as a question names it. */
export type TimeReference =
  | { readonly kind: 'at'; readonly at: Seconds }
  | { readonly kind: 'span'; readonly start: Seconds; readonly end: Seconds }
  /** The last `seconds`; without a number, the last part. */
  | { readonly kind: 'end'; readonly seconds?: Seconds }
  /** The first part. */
  | { readonly kind: 'start' }
  | { readonly kind: 'middle' }

export interface FoundTime {
  readonly time: TimeReference
  /** The question without the words that name the time. */
  readonly rest: string
}

const NUMBERS =
  'a one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty ninety'
const VALUES = [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 30, 40, 50, 60, 90]
const NUMBER = `\\d{1,6}(?:\\.\\d+)?|${NUMBERS.split(' ').join('|')}`
const CLOCK = '(?:(\\d{1,3}):)?(\\d{1,3}):(\\d{2})(?:\\.\\d+)?'
const UNIT = '(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h)'
const AMOUNT = `(${NUMBER})\\s*${UNIT}(?:\\s*(?:and\\s*)?(${NUMBER})\\s*(seconds?|secs?|s|minutes?|mins?|m))?`
const LEAD = '(?:(?:at|around|about|near|by|from|after|@)\\s+)*(?:(?:the\\s+)?(?:minute|time|timestamp|mark)\\s+)?'
const TAIL = '(?:\\s+(?:mark|in|into(?: the (?:video|clip|film))?))?'
const WHOLE = '(?:\\s+of (?:the|this) (?:video|clip|film|recording|talk|lecture))?'

const seconds = (number = '0', unit = 's'): number => {
  const value = /^\d/.test(number) ? Number(number) : (VALUES[NUMBERS.split(' ').indexOf(number.toLowerCase())] ?? 0)
  return value * (unit.startsWith('h') ? 3600 : unit.startsWith('m') ? 60 : 1)
}
const clock = (hours: string | undefined, minutes = '0', rest = '0') =>
  Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(rest)

type Reader = (groups: (string | undefined)[]) => TimeReference

/** In the order they are tried. */
const PATTERNS: readonly (readonly [RegExp, Reader])[] = [
  [
    new RegExp(`(?:between|from)?\\s*${CLOCK}\\s*(?:and|to|until|till|-|–)\\s*${CLOCK}`, 'i'),
    ([a, b, c, d, e, f]) => span(clock(a, b, c), clock(d, e, f)),
  ],
  [
    new RegExp(`(?:in|during|within|over|for)\\s+the\\s+first\\s+(?:(${NUMBER})\\s+)?${UNIT}${WHOLE}`, 'i'),
    ([number, unit]) => span(0, seconds(number ?? '1', unit)),
  ],
  [
    new RegExp(`(?:in|during|within|over|for)\\s+the\\s+last\\s+(?:(${NUMBER})\\s+)?${UNIT}${WHOLE}`, 'i'),
    ([number, unit]) => ({ kind: 'end', seconds: seconds(number ?? '1', unit) }),
  ],
  [
    /(?:in|during) the (first|second|third|fourth|fifth) minute/i,
    ([ordinal]) => {
      const at = ['first', 'second', 'third', 'fourth', 'fifth'].indexOf(String(ordinal).toLowerCase())
      return span(at * 60, at * 60 + 60)
    },
  ],
  [new RegExp(`${LEAD}${CLOCK}${TAIL}`, 'i'), ([a, b, c]) => ({ kind: 'at', at: clock(a, b, c) })],
  [
    new RegExp(`(?:at|around|@)\\s+(?:the\\s+)?${AMOUNT}\\b${TAIL}`, 'i'),
    ([number, unit, more, moreUnit]) => ({ kind: 'at', at: seconds(number, unit) + seconds(more, moreUnit) }),
  ],
  [
    new RegExp(`\\b${AMOUNT}\\s+(?:in|into)(?: the (?:video|clip|film))?\\s*\\??$`, 'i'),
    ([number, unit, more, moreUnit]) => ({ kind: 'at', at: seconds(number, unit) + seconds(more, moreUnit) }),
  ],
  [
    new RegExp(`(?:at|in|around)\\s+(?:the\\s+)?(second|minute)\\s+(${NUMBER})\\b`, 'i'),
    ([unit, number]) => ({ kind: 'at', at: seconds(number, unit) }),
  ],
  [
    new RegExp(`\\b(?:at|towards?|near|by|in)\\s+the\\s+(?:very\\s+)?(?:end|ending|close|conclusion)\\b${WHOLE}`, 'i'),
    () => ({ kind: 'end' }),
  ],
  [
    /\bhow does (?:it|the (?:video|clip|film|talk)|this (?:video|clip|film|talk)) (?:end|finish|conclude)\b/i,
    () => ({ kind: 'end' }),
  ],
  [
    new RegExp(
      `\\b(?:at|near|in|from)\\s+the\\s+(?:very\\s+)?(?:beginning|start|opening|intro(?:duction)?)\\b${WHOLE}`,
      'i',
    ),
    () => ({ kind: 'start' }),
  ],
  [
    /\bhow does (?:it|the (?:video|clip|film|talk)|this (?:video|clip|film|talk)) (?:start|begin|open)\b/i,
    () => ({ kind: 'start' }),
  ],
  [new RegExp(`\\b(?:in|near|around|at)\\s+the\\s+middle\\b${WHOLE}`, 'i'), () => ({ kind: 'middle' })],
]

/** The place in the video that a question names, if it does. */
export function findTime(question: string): FoundTime | undefined {
  for (const [pattern, read] of PATTERNS) {
    const match = pattern.exec(question)
    if (match) {
      const rest = `${question.slice(0, match.index)} ${question.slice(match.index + match[0].length)}`.trim()
      return { time: read(match.slice(1)), rest }
    }
  }
  return undefined
}

function span(a: Seconds, b: Seconds): TimeReference {
  return { kind: 'span', start: Math.min(a, b), end: Math.max(a, b) }
}
