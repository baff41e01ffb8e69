// What is repaired here is what the patterns of `protocol/src/text.ts` refuse.
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g
const PAGE_BREAKS = /[\v\f\u0085]/g
/** Control characters but tab and line breaks. */
const CONTROLS = /[^\P{Cc}\t\n\r]/gu
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g
/** Halves of a surrogate pair that have lost their other half. */
const LONE_SURROGATES = /\p{Cs}/gu
const REPLACEMENT = '\ufffd'

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Text that a file brought, as one line of at most `max` characters: what the protocol calls `line`. */
export function toLine(text: string, max: number): string {
  const repaired = text
    .replace(BREAKS, ' ')
    .replace(CONTROLS, '')
    .replace(BIDI, '')
    .replace(LONE_SURROGATES, REPLACEMENT)
  return cut(repaired.trim(), max).trimEnd()
}

/** Text that a file or another program brought, with its lines: what the protocol calls `text`. */
export function toText(text: string, max: number): string {
  if (isPlain(text)) return cut(text, max)
  return cut(toFileText(text.replace(PAGE_BREAKS, '\n').replace(CONTROLS, '')), max)
}

/** Whether a text is of printable ASCII alone, which has nothing to repair. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

/** Text as well-formed Unicode: what the protocol calls `file`. */
export function toFileText(text: string): string {
  return text.replace(LONE_SURROGATES, REPLACEMENT)
}

/** Characters of a text as JSON Schema counts them: code points. */
export function lengthOf(text: string): number {
  let length = 0
  for (let at = 0; at < text.length; at += unitsAt(text, at)) length++
  return length
}

/** The beginning of a text, at most `max` code points. A character of several, such as a flag, is left out whole. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  let end = 0
  for (let length = 0; length < max && end < text.length; length++) end += unitsAt(text, end)
  if (end >= text.length) return text
  const start = startOfCharacter(text.slice(0, end + unitsAt(text, end)), end)
  return text.slice(0, start > 0 ? start : end)
}

/** The same, with an ellipsis where something is missing. */
export function shorten(text: string, max: number): string {
  return lengthOf(text) <= max ? text : `${cut(text, max - 1).trimEnd()}…`
}

/** UTF-16 code units of the code point at a place. */
function unitsAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}

/** Where the character, as readers see it, begins that a place is in. */
function startOfCharacter(text: string, at: number): number {
  return graphemes.segment(text).containing(at)?.index ?? at
}
