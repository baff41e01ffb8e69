import { isRole } from './sounds.js'

/** Labels in capitals that are not speakers, however often they occur. */
const NO_SPEAKERS = new Set(
  'NOTE NOTES WARNING CAUTION TIP STEP EXAMPLE ANSWER QUESTION HTTP HTTPS URL PS FYI TODO OK'.split(' '),
)
const MAX_LABEL = 31
/** A label that starts this many lines of a text is a speaker. */
const SURE = 3

/** A line without its speaker marks. */
export interface Turn {
  readonly text: string
  /** The name before the colon. */
  readonly name?: string | undefined
  /** Whether another speaker is marked. */
  readonly isNew: boolean
}

/** Reads marks of speakers: a dash, `>>`, or a name in capitals with a colon. */
export class SpeakerMarks {
  readonly #names: ReadonlySet<string>

  /** `lines` is the whole text: only a label that recurs is certainly a speaker's name. */
  constructor(lines: Iterable<string>) {
    const counts = new Map<string, number>()
    for (const line of lines) {
      const name = labelOf(line.slice(openingMark(line).length).trimStart())
      if (name !== undefined && !/\d/.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    this.#names = new Set([...counts].flatMap(([name, count]) => (count >= SURE && !NO_SPEAKERS.has(name) ? name : [])))
  }

  read(line: string): Turn {
    const { length, isNew } = openingMark(line)
    const text = line.slice(length).trimStart()
    const name = labelOf(text)
    // After a dash a label can only be a name.
    const isName = name !== undefined && ((isNew && !NO_SPEAKERS.has(name)) || isRole(name) || this.#names.has(name))
    return isName ? { text: text.slice(name.length + 1).trimStart(), name, isNew: true } : { text, isNew }
  }
}

/** Dashes and angle brackets at the start. Several dashes continue an interrupted sentence. */
function openingMark(line: string): { readonly length: number; readonly isNew: boolean } {
  const dashes = runOf('-–—‐', line)
  if (dashes > 0) {
    const isMinus = dashes === 1 && /\d/.test(line[1] ?? '')
    return isMinus ? { length: 0, isNew: false } : { length: dashes, isNew: dashes === 1 }
  }
  const heads = runOf('>', line)
  return heads > 1 ? { length: heads, isNew: true } : { length: 0, isNew: false }
}

/** The capitals before a colon that a line begins with: "MAN 2: Yes". */
function labelOf(line: string): string | undefined {
  const colon = line.slice(0, MAX_LABEL + 1).indexOf(':')
  if (colon < 2 || (colon + 1 < line.length && line[colon + 1] !== ' ')) return undefined
  const name = line.slice(0, colon)
  return /^\p{Lu}[\p{Lu} .'#\d-]*$/u.test(name) ? name : undefined
}

function runOf(set: string, line: string): number {
  let length = 0
  while (length < line.length && set.includes(line.charAt(length))) length += 1
  return length
}
