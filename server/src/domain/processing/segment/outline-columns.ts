import type { Chapter, OutlineSection, SummarySentence } from '@cuewire/protocol'
import type { ChapterColumns } from './chapter-columns.js'
import type { TimedText } from './chapter-texts.js'
import { outlineSections } from './sections.js'
import { summarise } from './summary.js'
import { rowsOf, spansOf } from './vector-rows.js'

/** What an outline and a summary are made of, in columns as those of chapters. */
export interface OutlineColumns extends Pick<ChapterColumns, 'sentences' | 'sentenceTimes' | 'meanings' | 'duration'> {
  readonly chapters: readonly Chapter[]
}

export interface Outlined {
  readonly outline: OutlineSection[]
  readonly summary: SummarySentence[]
}

/** The outline and summary of what the columns hold. */
export function outlineOf({ sentences, sentenceTimes, meanings, ...rest }: OutlineColumns): Outlined {
  const segments: TimedText[] = spansOf(sentenceTimes).map((span, at) => ({ ...span, text: sentences[at] ?? '' }))
  const vectors = meanings && { meanings: rowsOf(meanings) }
  const input = { ...rest, ...vectors, segments }
  return { outline: outlineSections(input), summary: summarise(input) }
}
