import { LIMITS, type Seconds } from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
import type { ScreenLine } from './chapter-texts.js'

/** A slide belongs to a chapter that starts at most this long before it appears. */
const LEAD: Seconds = 5
/** A title that is shown at the start of more chapters than these, or than this share of them, is a header. */
const MOST_CHAPTERS = 2
const MOST_SHARE = 0.5
/** Fewer letters than this are a page number or a misread logo. */
const MIN_LETTERS = 3

/**
 * The title of the slide that is on the screen at the start of each chapter; undefined where there is none, or only one
 * that was there for other chapters too. `lines` are in order of appearance.
 */
export function slideTitlesAt(starts: readonly Seconds[], lines: readonly ScreenLine[]): (string | undefined)[] {
  const titles = lines.filter(({ isTitle, text }) => isTitle && (text.match(/\p{L}/gu)?.length ?? 0) >= MIN_LETTERS)
  const shown = starts.map(
    start => titles.findLast(({ start: from, end }) => from <= start + LEAD && end > start)?.text,
  )
  const most = Math.max(MOST_CHAPTERS, starts.length * MOST_SHARE)
  const used = new Set<string>()
  return shown.map(text => {
    if (text === undefined || used.has(text) || shown.filter(other => other === text).length > most) return undefined
    used.add(text)
    return cut(text, LIMITS.titleLength)
  })
}
