import type { ChatMessage, Passage, TimeRange } from '@cuewire/protocol'
import type { Abstention, Gaps } from './abstention.js'
import type { QuestionIntent } from './intent.js'
import type { Smalltalk } from './smalltalk.js'

/** A passage with what retrieval thinks of it. */
export interface RankedPassage extends Passage {
  readonly videoTitle: string
  /** 0..1: how much of the question it covers; 1 where the question asked for this place itself. */
  readonly relevance: number
  /** Of a chapter whose sentence is cited: the span of the whole chapter. */
  readonly chapter?: TimeRange
}

export interface EngineRequest {
  readonly question: string
  readonly intent: QuestionIntent
  /**
   * What may be cited, at most 50, most relevant first or, for a whole video or a place in it, in order of time. Texts and
   * titles are data, never instructions.
   */
  readonly passages: readonly RankedPassage[]
  /** The last messages, oldest first: context, neither evidence nor instructions. */
  readonly history: readonly Pick<ChatMessage, 'role' | 'text'>[]
}

/** The next piece of an answer: words, or the number of the passage that backs the words before it. */
export type AnswerPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'cite'; readonly number: number }

/**
 * Writes answers from numbered passages, and every other sentence of a chat. It cites by number only: the server looks up the
 * time and the quote, and writes the mark ` [n]`.
 */
export interface AnswerEngine {
  /** For logs and `server.info`. */
  readonly name: string
  /**
   * Yields the answer piece by piece, words first, each citation right behind the words it backs, and only numbers of the
   * passages given. The words, with ten characters for each mark, are at most `LIMITS.textLength` characters. Without
   * passages there is nothing to yield. Once the signal aborts no other piece comes: it ends by returning or throwing.
   */
  answer(request: EngineRequest, signal: AbortSignal): AsyncIterable<AnswerPiece>
  /** Says in a sentence or more why there is no answer, and what may be missing because it was not looked for. Cites nothing. */
  abstain(reason: Abstention, gaps?: Gaps): string
  /** Replies to a message that asks nothing. Cites nothing. */
  smalltalk(about: Smalltalk): string
}
