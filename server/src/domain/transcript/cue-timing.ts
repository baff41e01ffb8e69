import type { Seconds } from '@cuewire/protocol'

/** The two times of a cue; one of them may be unreadable. */
export interface CueTiming {
  readonly start: Seconds | undefined
  readonly end: Seconds | undefined
  /** What the line says after the times: settings, coordinates or text. */
  readonly rest: string
}

interface ReadTime {
  readonly seconds: number
  /** Place after the time. */
  readonly next: number
  /** It has hours and a fraction. */
  readonly isFull: boolean
}

const MAX_DIGITS = 9
const COLONS = ':：'
const POINTS = '.,．，'
const DASHES = '-‐‑‒–—―−─='
const HEADS = '>›»→⇒➔➜➝➞⟶⟹'
const ESCAPED_HEAD = '&gt;'
const USUAL_ARROW = '-->'

/**
 * Parses the times of a line like `00:00:01,000 --> 00:00:03,000`, as leniently as players do: hours, fractions and
 * spaces may be missing, and any style of point, comma and arrow is accepted. Undefined if the line is not a timing.
 * Both times are undefined if it is meant as one but cannot be parsed.
 */
export function timingOf(line: string): CueTiming | undefined {
  const start = readTime(line, skipSpaces(line, 0))
  if (!start) return brokenTiming(line)
  const arrow = readArrow(line, skipSpaces(line, start.next))
  if (!arrow) return brokenTiming(line)
  const end = readTime(line, skipSpaces(line, arrow.next))
  if (!end) return arrow.isUsual ? { start: start.seconds, end: undefined, rest: '' } : undefined
  const rest = line.slice(end.next).trim()
  // Text such as "10:00 - 12:00" and "1:30 -> 2:00 is best" is not a timing.
  const isSure = arrow.isUsual || (rest === '' && (arrow.hasHead || (start.isFull && end.isFull)))
  return isSure ? { start: start.seconds, end: end.seconds, rest } : undefined
}

/** The time a text consists of, in seconds. */
export function timeOf(text: string): Seconds | undefined {
  const time = readTime(text, skipSpaces(text, 0))
  return time && skipSpaces(text, time.next) === text.length ? time.seconds : undefined
}

/** A line with an arrow and something like a time beside it. */
function brokenTiming(line: string): CueTiming | undefined {
  const arrow = line.indexOf(USUAL_ARROW)
  if (arrow < 0) return undefined
  const end = readTime(line, skipSpaces(line, arrow + USUAL_ARROW.length))
  if (!end && !looksLikeTime(line.slice(0, arrow))) return undefined
  return { start: undefined, end: end?.seconds, rest: '' }
}

function looksLikeTime(text: string): boolean {
  let digits = 0
  let colons = 0
  for (const character of text) {
    if (isDigit(character.charCodeAt(0))) digits += 1
    else if (COLONS.includes(character)) colons += 1
  }
  return digits >= 2 && colons >= 1
}

/** `h:m:s.f`, `m:s.f`, the fraction optional and perhaps after a third colon. */
function readTime(line: string, from: number): ReadTime | undefined {
  const isNegative = line[from] === '-'
  const parts: number[] = []
  let at = isNegative ? from + 1 : from
  let fraction: number | undefined
  for (;;) {
    const digits = digitsAt(line, at)
    if (digits === 0 || digits > MAX_DIGITS) return undefined
    const value = Number(line.slice(at, at + digits))
    at += digits
    if (parts.length === 3) {
      // A third colon is a decimal point.
      fraction = value / 10 ** digits
      break
    }
    parts.push(value)
    const next = skipSpaces(line, at + 1)
    if (isOneOf(COLONS, line, at) && digitsAt(line, next) > 0) at = next
    else break
  }
  if (parts.length < 2) return undefined
  if (fraction === undefined && isOneOf(POINTS, line, at)) {
    const place = skipSpaces(line, at + 1)
    const digits = digitsAt(line, place)
    if (digits > 0) {
      fraction = Number(`0.${line.slice(place, place + digits)}`)
      at = place + digits
    }
  }
  const whole = parts.reduce((sum, part) => sum * 60 + part, 0)
  const seconds = (whole + (fraction ?? 0)) * (isNegative ? -1 : 1)
  return { seconds, next: at, isFull: parts.length === 3 && fraction !== undefined }
}

interface ReadArrow {
  /** Place after the arrow. */
  readonly next: number
  /** It is `-->`. */
  readonly isUsual: boolean
  readonly hasHead: boolean
}

function readArrow(line: string, from: number): ReadArrow | undefined {
  let at = from
  while (isOneOf(DASHES, line, at) || isSpace(line.charCodeAt(at))) at += 1
  const head = at
  for (;;) {
    if (isOneOf(HEADS, line, at)) at += 1
    else if (line.startsWith(ESCAPED_HEAD, at)) at += ESCAPED_HEAD.length
    else break
  }
  return at === from ? undefined : { next: at, hasHead: at > head, isUsual: line.slice(from, at) === USUAL_ARROW }
}

function digitsAt(line: string, from: number): number {
  let at = from
  while (isDigit(line.charCodeAt(at))) at += 1
  return at - from
}

function skipSpaces(line: string, from: number): number {
  let at = from
  while (isSpace(line.charCodeAt(at))) at += 1
  return at
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39
const isSpace = (code: number) => code === 0x20 || code === 0x09 || code === 0xa0 || code === 0x3000 || code === 0xfeff
const isOneOf = (set: string, line: string, at: number) => at < line.length && set.includes(line.charAt(at))
