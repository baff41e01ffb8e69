/** Longest tag or styling code to look for. */
const MAX_MARKUP = 500

/** Elements of SubRip and WebVTT by what may follow their name. */
const BARE = new Set(['b', 'i', 'u', 's', 'c', 'ruby', 'rt', 'rp'])
const ANNOTATED = new Set(['v', 'lang'])
const WITH_ATTRIBUTES = new Set(['font', 'span', 'p', 'div'])

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  lrm: '',
  rlm: '',
}
const MAX_ENTITY = 10

/**
 * A caption line without tags, styling codes and entities. Text that only looks like a tag, such as `List<String>`, is
 * kept. One pass that examines each character only a few times.
 */
export function plainLine(line: string): string {
  let plain = ''
  let copied = 0
  let at = 0
  while (at < line.length) {
    const found = markupAt(line, at)
    if (!found) {
      at += 1
      continue
    }
    plain += line.slice(copied, at) + found.text
    at = found.next
    copied = at
  }
  return tidy(plain + line.slice(copied))
}

/** Replaces control characters with spaces and collapses runs of spaces. */
export function tidy(text: string): string {
  return text
    .replace(/[\p{Cc}\uFEFF]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

interface Markup {
  /** What it stands for. */
  readonly text: string
  /** Place after it. */
  readonly next: number
}

function markupAt(line: string, at: number): Markup | undefined {
  switch (line[at]) {
    case '<':
      return tagAt(line, at)
    case '{':
      return codeAt(line, at)
    case '&':
      return entityAt(line, at)
    default:
      return undefined
  }
}

function tagAt(line: string, at: number): Markup | undefined {
  const end = closing(line, at, '<', '>')
  if (end === undefined) return undefined
  const inner = line.slice(line[at + 1] === '/' ? at + 2 : at + 1, end).trimEnd()
  if (!isTag(inner)) return undefined
  return { text: inner.toLowerCase().startsWith('br') ? ' ' : '', next: end + 1 }
}

function isTag(inner: string): boolean {
  let length = 0
  while (isLetter(inner.charCodeAt(length))) length += 1
  const name = inner.slice(0, length).toLowerCase()
  const rest = inner.slice(length)
  if (name === '') return isTimestamp(inner)
  // Classes, as in `<c.loud>`, or the end of an element without content.
  if (rest === '' || rest === '/' || rest === ' /' || (rest.startsWith('.') && !rest.includes(' ')))
    return name === 'br' || BARE.has(name) || ANNOTATED.has(name) || WITH_ATTRIBUTES.has(name)
  if (ANNOTATED.has(name)) return rest.startsWith(' ') || rest.startsWith('.') || rest.startsWith('\t')
  return WITH_ATTRIBUTES.has(name) && rest.startsWith(' ') && rest.includes('=')
}

/** The time of a word in a WebVTT cue, as in `<00:00:02.500>`. */
function isTimestamp(inner: string): boolean {
  return inner.includes(':') && /^[\d:.]+$/.test(inner)
}

/** `{\an8}` of SubStation Alpha and `{y:i}` of MicroDVD; other braces are text. */
function codeAt(line: string, at: number): Markup | undefined {
  const isCode = line[at + 1] === '\\' || (isLetter(line.charCodeAt(at + 1)) && line[at + 2] === ':')
  const end = isCode ? closing(line, at, '{', '}') : undefined
  return end === undefined ? undefined : { text: '', next: end + 1 }
}

function entityAt(line: string, at: number): Markup | undefined {
  const end = line.slice(at + 1, at + 1 + MAX_ENTITY).indexOf(';')
  if (end < 1) return undefined
  const name = line.slice(at + 1, at + 1 + end)
  const text = name.startsWith('#') ? numbered(name.slice(1)) : ENTITIES[name.toLowerCase()]
  return text === undefined ? undefined : { text, next: at + 2 + end }
}

function numbered(number: string): string | undefined {
  const isHex = number[0] === 'x' || number[0] === 'X'
  if (isHex ? !/^x[\da-f]+$/i.test(number) : !/^\d+$/.test(number)) return undefined
  const code = isHex ? Number.parseInt(number.slice(1), 16) : Number.parseInt(number, 10)
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return isCharacter ? String.fromCodePoint(code) : ''
}

/** Where the bracket closes that opens at `at`, unless another opens before. */
function closing(line: string, at: number, open: string, close: string): number | undefined {
  const last = Math.min(line.length, at + MAX_MARKUP)
  for (let end = at + 1; end < last; end += 1) {
    if (line[end] === close) return end
    if (line[end] === open) return undefined
  }
  return undefined
}

const isLetter = (code: number) => (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
