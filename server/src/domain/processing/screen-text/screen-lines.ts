import { type Box, ScreenText, type Seconds } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import { distance } from 'fastest-levenshtein'
import { iou } from '../../../lib/box.js'
import { inReadingOrder } from './reading-order.js'
import { titleOf } from './slide-title.js'

/** A line that has gone is continued by the same text at the same place within this time, */
const STILL_GAP: Seconds = 2.5
/** and if it moves, within this time at any place. */
const MOVING_GAP: Seconds = 4.5
/** Texts are the same if at most this share of their characters differs. */
const MAX_DIFFERENCE = 0.25
/** Intersection over union of boxes of one whole line, of boxes of which one replaces the other, and of a line and a part of it. */
const WHOLE = 0.7
const REPLACED = 0.5
const PART = 0.2

const Line = Type.Object({ item: ScreenText, moves: Type.Boolean() })
type Line = Static<typeof Line>

export const LinesState = Type.Object({
  next: Type.Integer({ minimum: 0 }),
  shown: Type.Array(Line),
  gone: Type.Array(Line),
})
export type LinesState = Static<typeof LinesState>

/** A line read in a picture. */
export interface FoundLine {
  readonly box: Box
  readonly text: string
  readonly confidence: number
  /** It was not at this place in the picture before. */
  readonly moves: boolean
}

/** Merges what is read in single pictures into lines with a span of time. */
export class ScreenLines {
  #next: number
  #shown: Line[]
  /** Lines that have gone but may come back. */
  #gone: Line[]

  constructor(state: LinesState = { next: 0, shown: [], gone: [] }) {
    this.#next = state.next
    this.#shown = [...state.shown]
    this.#gone = [...state.gone]
  }

  get state(): LinesState {
    return { next: this.#next, shown: this.#shown, gone: this.#gone }
  }

  /** Whether no line is shown now. */
  get isEmpty(): boolean {
    return this.#shown.length === 0
  }

  /** Whether a line is shown that fills this box. */
  hasLineAt(box: Box): boolean {
    return this.#shown.some(({ item }) => iou(item.box, box) >= WHOLE)
  }

  /** Ends the lines that a test says have gone; gives them as they ended. */
  end(at: Seconds, hasGone: (box: Box) => boolean): ScreenText[] {
    const gone = this.#shown.filter(({ item }) => hasGone(item.box))
    if (gone.length === 0) return []
    this.#shown = this.#shown.filter(line => !gone.includes(line))
    const ended = gone.map(({ item, moves }) => ({ item: { ...item, end: at }, moves }))
    this.#gone.push(...ended)
    return ended.map(({ item }) => item)
  }

  /**
   * Adds the lines read in a picture, which are shown from `from` to at least `until`; gives those that are new or have changed.
   */
  add(found: readonly FoundLine[], { from, until }: { readonly from: Seconds; readonly until: Seconds }): ScreenText[] {
    this.#gone = this.#gone.filter(({ item, moves }) => from - item.end <= (moves ? MOVING_GAP : STILL_GAP))
    const changed: Line[] = []
    for (const line of inReadingOrder(found)) {
      const known = this.#take(line)
      const item = known ? continued(known, line, until) : this.#begin(line, from, until)
      changed.push({ item, moves: line.moves })
    }
    const replaced = this.end(from, box => changed.some(({ item }) => iou(item.box, box) >= REPLACED))
    this.#shown.push(...changed)
    return [...replaced, ...this.#withTitle(changed).map(({ item }) => item)]
  }

  #begin({ text, box, confidence }: FoundLine, start: Seconds, end: Seconds): ScreenText {
    const index = this.#next
    this.#next += 1
    return { index, start, end: Math.max(start, end), text, role: 'line', box, confidence }
  }

  /** Removes the line that the one found continues, and returns it. */
  #take(found: FoundLine): ScreenText | undefined {
    return (
      take(this.#shown, line => isSameLine(line, found) || grows(line, found)) ??
      take(this.#gone, line => isSameLine(line, found))
    )
  }

  /** Marks the title, if none of the lines shown is one yet; gives the lines that have changed. */
  #withTitle(changed: readonly Line[]): readonly Line[] {
    if (changed.length === 0 || this.#shown.some(({ item }) => item.role === 'title')) return changed
    const title = titleOf(this.#shown.map(({ item }) => item))
    const isTitle = ({ item }: Line) => item.index === title?.index
    this.#shown = this.#shown.map(line => (isTitle(line) ? { ...line, item: { ...line.item, role: 'title' } } : line))
    return this.#shown.filter(line => isTitle(line) || changed.some(({ item }) => item.index === line.item.index))
  }
}

/** The line with its new end; what is read with more confidence, or has grown, replaces its text. */
function continued(known: ScreenText, found: FoundLine, end: Seconds): ScreenText {
  const isBetter = found.confidence > known.confidence || found.text.length > known.text.length * (1 + MAX_DIFFERENCE)
  const { text, box, confidence } = isBetter ? found : known
  return { ...known, text, box, confidence, end }
}

/** Removes the first line that passes a test, and returns it. */
function take(lines: Line[], test: (line: Line) => boolean): ScreenText | undefined {
  const at = lines.findIndex(test)
  return at < 0 ? undefined : lines.splice(at, 1)[0]?.item
}

function isSameLine({ item, moves }: Line, found: FoundLine): boolean {
  return isSameText(item.text, found.text) && (iou(item.box, found.box) >= PART || (moves && found.moves))
}

/** Whether a line that is shown has become longer, as when it is being typed. */
function grows({ item }: Line, found: FoundLine): boolean {
  return found.text.startsWith(item.text) && iou(item.box, found.box) >= PART
}

function isSameText(a: string, b: string): boolean {
  return distance(a, b) <= MAX_DIFFERENCE * Math.max(a.length, b.length)
}
