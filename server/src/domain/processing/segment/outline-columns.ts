import type { Chapter, SummarySentence } from '@cuewire/protocol'
import type { ChapterColumns } from './chapter-columns.js'
import type { TimedText } from './chapter-texts.js'
import { summarise } from './summary.js'
import { rowsOf, spansOf } from './vector-rows.js'

/** What a summary is made of, in columns as those of chapters. */
export interface OutlineColumns extends Pick<ChapterColumns, 'sentences' | 'sentenceTimes' | 'meanings' | 'duration'> {
  readonly chapters: readonly Chapter[]
}

export interface Outlined {
  readonly summary: SummarySentence[]
}

/** The summary of what the columns hold. */
export function outlineOf({ sentences, sentenceTimes, meanings, ...rest }: OutlineColumns): Outlined {
  const segments: TimedText[] = spansOf(sentenceTimes).map((span, at) => ({ ...span, text: sentences[at] ?? '' }))
  const vectors = meanings && { meanings: rowsOf(meanings) }
  return { summary: summarise({ ...rest, ...vectors, segments }) }
}
