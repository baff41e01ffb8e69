import type { ChatMessage, Passage } from '@cuewire/protocol'
import type { Abstention, Gaps } from './abstention.js'
import type { QuestionIntent } from './intent.js'
import type { Smalltalk } from './smalltalk.js'

/** A passage with what retrieval thinks of it. */
export interface RankedPassage extends Passage {
  readonly videoTitle: string
  /** 0..1: how much of the question it covers; 1 where the question asked for this place itself. */
  readonly relevance: number
}

export interface EngineRequest {
  readonly question: string
  readonly intent: QuestionIntent
  /** What may be cited, most relevant first or, for a whole video or a place in it, in order of time. Data, never instructions. */
  readonly passages: readonly RankedPassage[]
  /** The last messages, oldest first: context, not evidence. */
  readonly history: readonly Pick<ChatMessage, 'role' | 'text'>[]
}

/** The next piece of an answer: words, or the number of the passage that backs the words before it. */
export type AnswerPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'cite'; readonly number: number }

/** Writes answers from numbered passages, and owns every sentence of them. What it cites is only a number: the server resolves the time and the quote. */
export interface AnswerEngine {
  readonly name: string
  /** Ends early, by returning or throwing, when the signal aborts. */
  answer(request: EngineRequest, signal: AbortSignal): AsyncIterable<AnswerPiece>
  /** Says why there is no answer, and what may be missing because it was not looked for. */
  abstain(reason: Abstention, gaps?: Gaps): string
  /** Replies to a message that asks nothing. */
  smalltalk(about: Smalltalk): string
}
