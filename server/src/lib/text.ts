// This repairs exactly what the patterns in `protocol/src/text.ts` refuse.
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g
const PAGE_BREAKS = /[\v\f\u0085]/g
/** Control characters except tab and line breaks. */
const CONTROLS = /[^\P{Cc}\t\n\r]/gu
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g
/** Unpaired surrogates. */
const LONE_SURROGATES = /\p{Cs}/gu
const REPLACEMENT = '\ufffd'

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Repairs text from a file to one line of at most `max` characters: the kind `line` of the protocol. */
export function toLine(text: string, max: number): string {
  const repaired = text
    .replace(BREAKS, ' ')
    .replace(CONTROLS, '')
    .replace(BIDI, '')
    .replace(LONE_SURROGATES, REPLACEMENT)
  return cut(repaired.trim(), max).trimEnd()
}

/** Repairs text from a file or another program, keeping its lines: the kind `text` of the protocol. */
export function toText(text: string, max: number): string {
  if (isPlain(text)) return cut(text, max)
  return cut(toFileText(text.replace(PAGE_BREAKS, '\n').replace(CONTROLS, '')), max)
}

/** Whether a text is printable ASCII, which needs no repair. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

/** Makes a text well-formed Unicode: the kind `file` of the protocol. */
export function toFileText(text: string): string {
  return text.replace(LONE_SURROGATES, REPLACEMENT)
}

/** Length of a text in code points, as JSON Schema counts. */
export function lengthOf(text: string): number {
  let length = 0
  for (let at = 0; at < text.length; at += unitsAt(text, at)) length++
  return length
}

/** Truncates a text to at most `max` code points. A character of several code points, such as a flag, is not split. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  let end = 0
  for (let length = 0; length < max && end < text.length; length++) end += unitsAt(text, end)
  if (end >= text.length) return text
  const start = startOfCharacter(text.slice(0, end + unitsAt(text, end)), end)
  return text.slice(0, start > 0 ? start : end)
}

/** The same, with an ellipsis if something was cut. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text
  return lengthOf(text) <= max ? text : `${cut(text, max - 1).trimEnd()}…`
}

/** Number of UTF-16 code units of the code point at an index. */
function unitsAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}

/** Start of the user-perceived character that contains an index. */
function startOfCharacter(text: string, at: number): number {
  return graphemes.segment(text).containing(at)?.index ?? at
}
