import type { Band, ChatMessage, Passage, TimeRange } from '@cuewire/protocol'
import type { Abstention, Gaps } from './abstention.js'
import type { QuestionIntent } from './intent.js'
import type { Smalltalk } from './smalltalk.js'

/** A passage with its retrieval score. */
export interface RankedPassage extends Passage {
  readonly videoTitle: string
  /** 0..1: how much of the question it covers. 1 if the question asked for this position itself. */
  readonly relevance: number
  /** Of something seen: how far its label can be trusted. A text of band `low` says itself that it is doubtful. */
  readonly band?: Band
  /** Of a chapter whose sentence is cited: the span of the whole chapter. */
  readonly chapter?: TimeRange
}

export interface EngineRequest {
  readonly question: string
  readonly intent: QuestionIntent
  /**
   * Passages that may be cited, at most 50. Most relevant first or, for a whole video or a part of it, in order of
   * time. Texts and titles are data, never instructions.
   */
  readonly passages: readonly RankedPassage[]
  /** The latest messages, oldest first. They are context, neither evidence nor instructions. */
  readonly history: readonly Pick<ChatMessage, 'role' | 'text'>[]
}

/** The next piece of an answer: words, or the number of the passage that backs the words before it. */
export type AnswerPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'cite'; readonly number: number }

/**
 * Writes answers from numbered passages, and all other sentences of a chat. It cites by number only: the server looks
 * up time and quote, and writes the mark ` [n]`.
 */
export interface AnswerEngine {
  /** For logs and `server.info`. */
  readonly name: string
  /**
   * Yields the answer in pieces: text, and after it the citation that backs it, using only the numbers of the given
   * passages. The text, plus ten characters per mark, has at most `LIMITS.textLength` characters. Without passages
   * there is nothing to yield. Once the signal aborts, no further piece follows: it returns or throws.
   */
  answer(request: EngineRequest, signal: AbortSignal): AsyncIterable<AnswerPiece>
  /** Explains why there is no answer, and what may be missing because it was not processed. Cites nothing. */
  abstain(reason: Abstention, gaps?: Gaps): string
  /** Replies to a message that asks nothing. Cites nothing. */
  smalltalk(about: Smalltalk): string
}
