import type { Chapter, Keyword, LabelSummary, MediaInfo, Seconds } from '@cuewire/protocol'
import { termsOf } from '../../text/terms.js'
import { type ScreenLine, type Spoken, type TimedText, textsOfSpans } from './chapter-texts.js'
import { makeChapters } from './chapters.js'
import { type TimedTerms, videoKeywords } from './keywords.js'
import { rowsOf, spansOf, type VectorColumn } from './vector-rows.js'

/** What chapters are made of, in columns: a hundred thousand objects would take long on the way to a thread. */
export interface ChapterColumns {
  /** Start and end of each sentence in turn. */
  readonly sentenceTimes: readonly Seconds[]
  readonly sentences: readonly string[]
  /** Who says each sentence; an empty name where that is unknown. */
  readonly speakers: readonly string[]
  /** Start and end of each line of text on the screen in turn. */
  readonly lineTimes: readonly Seconds[]
  readonly lines: readonly string[]
  /** Whether each line is the title of a slide. */
  readonly lineTitles: readonly boolean[]
  /** Start and end of each shot in turn. */
  readonly shotTimes: readonly Seconds[]
  /** Vectors of the units of `unitSize` sentences, one after the other, each of `size` numbers. */
  readonly meanings?: VectorColumn
  readonly labels: readonly LabelSummary[]
  readonly duration: Seconds
  readonly fileChapters: MediaInfo['chapters']
}

export interface ChaptersAndKeywords {
  readonly chapters: Chapter[]
  /** Those of the whole video. */
  readonly keywords: Keyword[]
}

/** The chapters and keywords of what the columns hold. */
export function chaptersOf(columns: ChapterColumns): ChaptersAndKeywords {
  const { sentenceTimes, sentences, speakers, lineTimes, lines, lineTitles, shotTimes, meanings, ...rest } = columns
  const segments: Spoken[] = spansOf(sentenceTimes).map((span, at) => {
    return { ...span, text: sentences[at] ?? '', speaker: speakers[at] }
  })
  const screen: ScreenLine[] = spansOf(lineTimes).map((span, at) => {
    return { ...span, text: lines[at] ?? '', isTitle: lineTitles[at] ?? false }
  })
  const vectors = meanings && { meanings: rowsOf(meanings) }
  const chapters = makeChapters({ ...rest, ...vectors, segments, screen, shots: spansOf(shotTimes) })
  const starts = chapters.map(({ start }) => start)
  const texts = textsOfSpans(starts, { segments, screen, duration: rest.duration })
  return { chapters, keywords: videoKeywords(analysed(texts)) }
}

/** The terms of one chapter after the other: those of hours of speech would take too much memory at once. */
function* analysed(chapters: readonly (readonly TimedText[])[]): Generator<TimedTerms[]> {
  for (const texts of chapters) yield texts.map(({ start, end, text }) => ({ start, end, terms: termsOf(text) }))
}
