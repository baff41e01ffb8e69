import { timeOf } from './cue-timing.js'
import { LineReader } from './line-reader.js'
import type { RawCue } from './raw-cue.js'

/** Fields of an event where the script does not name them. */
const USUAL_FIELDS = 'layer, start, end, style, name, marginl, marginr, marginv, effect, text'
const FORMAT = 'format:'
const DIALOGUE = 'dialogue:'
/** What old editors wrote where no name was given. */
const NO_NAME = 'NTP'

/** Whether a text is a script of SubStation Alpha. */
export function isAss(text: string): boolean {
  return text.slice(0, 200).trimStart().toLowerCase().startsWith('[script info]')
}

/** What is spoken in a script of SubStation Alpha, version 4 or 4+: no comments, remarks, drawings or signs. */
export function* readAss(text: string): Generator<RawCue> {
  const reader = new LineReader(text)
  let fields = fieldsOf(USUAL_FIELDS)
  for (let line = reader.next(); line !== undefined; line = reader.next()) {
    const event = line.trimStart()
    if (hasKey(event, FORMAT)) fields = fieldsOf(event.slice(FORMAT.length))
    if (!hasKey(event, DIALOGUE)) continue
    const values = valuesOf(event.slice(DIALOGUE.length), fields)
    if (values.get('style')?.toLowerCase().includes('sign')) continue
    yield {
      line: reader.number,
      start: timeOf(values.get('start') ?? ''),
      end: timeOf(values.get('end') ?? ''),
      lines: spokenLines(values.get('text') ?? ''),
      speaker: speakerOf(values),
    }
  }
}

const hasKey = (line: string, key: string) => line.slice(0, key.length).toLowerCase() === key

const fieldsOf = (list: string): string[] => list.split(',').map(field => field.trim().toLowerCase())

/** The values by field; the last field may hold commas. The formats of styles, which come before the events, do no harm. */
function valuesOf(event: string, fields: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  let from = 0
  for (const [at, field] of fields.entries()) {
    const comma = at === fields.length - 1 ? -1 : event.indexOf(',', from)
    values.set(field, event.slice(from, comma < 0 ? undefined : comma).trim())
    if (comma < 0) break
    from = comma + 1
  }
  return values
}

/** The name of the character who speaks; newer scripts call the field "Actor". */
function speakerOf(values: ReadonlyMap<string, string>): string | undefined {
  const name = values.get('name') ?? values.get('actor')
  return name === NO_NAME ? undefined : name
}

/** The text of an event without what stands in braces, and without drawings, which `\p1` to `\p0` switch on and off. */
function spokenLines(text: string): string[] {
  let spoken = ''
  let isDrawing = false
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('{', at)
    const close = open < 0 ? -1 : text.indexOf('}', open)
    const isCode = close >= 0
    if (!isDrawing) spoken += text.slice(at, isCode ? open : undefined)
    if (!isCode) break
    isDrawing = drawsAfter(text.slice(open + 1, close), isDrawing)
    at = close + 1
  }
  return spoken.replaceAll('\\h', ' ').replaceAll('\\N', '\n').replaceAll('\\n', '\n').split('\n')
}

/** Whether drawing is on after an override block; `\pos` and `\pbo` are other codes. */
function drawsAfter(codes: string, isDrawing: boolean): boolean {
  let draws = isDrawing
  for (const code of codes.split('\\')) if (/^p\d/.test(code)) draws = !code.startsWith('p0')
  return draws
}
