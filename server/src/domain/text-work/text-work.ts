import type { AskedWord, AskedWordsRequest } from '../chat/evidence/asked-words.js'
import type { AskedTerm, RelevanceRequest } from '../chat/evidence/relevance.js'
import type { QuestionRequest, ReadQuestion } from '../chat/read-question.js'
import type { ChapterColumns, ChaptersAndKeywords } from '../processing/segment/chapter-columns.js'
import type { OutlineColumns, Outlined } from '../processing/segment/outline-columns.js'
import type { Query, QueryTerm } from '../search/query.js'
import type { SubtitlePages } from '../transcript/subtitle-pages.js'
import type { SubtitlesRequest } from '../transcript/subtitles.js'

/** Text work that takes long enough to block the event loop, with its params and results. */
export interface TextCalls {
  /** Loads the language model, so that the next call does not wait for it. */
  warm: { params: undefined; result: undefined }
  /** The sentences of subtitles; `subtitles.invalid`. */
  subtitles: { params: SubtitlesRequest; result: SubtitlePages }
  /** Whether subtitles can be read; `subtitles.invalid`. */
  checkSubtitles: { params: SubtitlesRequest; result: undefined }
  chapters: { params: ChapterColumns; result: ChaptersAndKeywords }
  outline: { params: OutlineColumns; result: Outlined }
  query: { params: string; result: Query }
  /** The words of the query that each text has. */
  matches: {
    params: { readonly texts: readonly string[]; readonly terms: readonly Pick<QueryTerm, 'word' | 'keys'>[] }
    result: string[][]
  }
  question: { params: QuestionRequest; result: ReadQuestion }
  askedWords: { params: AskedWordsRequest; result: AskedWord[] }
  /** Share of a question that each text holds. */
  coverages: {
    params: { readonly texts: readonly string[]; readonly terms: readonly AskedTerm[] }
    result: number[]
  }
  relevances: { params: RelevanceRequest; result: number[] }
  /** How central each text is among all of them. */
  centralities: { params: readonly string[]; result: number[] }
  /** Whether each text has a number before the name of a thing. */
  countsThings: { params: readonly string[]; result: boolean[] }
}
export type TextCallName = keyof TextCalls

/** Runs such work outside the event loop. */
export interface TextWork {
  /**
   * Runs one call. Rejects with the signal's reason as soon as it aborts, and with `server.busy` if it takes too long
   * or too many calls wait.
   */
  run<Name extends TextCallName>(
    name: Name,
    params: TextCalls[Name]['params'],
    signal?: AbortSignal,
  ): Promise<TextCalls[Name]['result']>
}
