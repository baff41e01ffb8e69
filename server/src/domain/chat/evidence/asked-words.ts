import { labelMentions } from '../../search/labels.js'
import { type QueryTerm, queryTerms } from '../../search/query.js'
import { type Term, termsOf } from '../../text/terms.js'
import { intentOf } from '../intent.js'
import { isFollowUpVerb, isKindWord, isLightVerb, isOverviewWord, isSpeechWord, isVideoWord } from '../vocabulary.js'

export interface AskedWordsRequest {
  readonly question: string
  /** The question before this one, which "it" and "they" may stand for. */
  readonly before?: string | undefined
}

/** A word of a question with how much an answer must hold it, however common it is. */
export interface AskedWord extends QueryTerm {
  readonly importance: number
  /** Taken over from the question before: raises what holds it, but need not be found. */
  readonly optional: boolean
  /** What a detector calls the thing that the word names: "ship" is a boat. */
  readonly labels: readonly string[]
}

const PRONOUN =
  /\b(?:it|its|they|them|their|he|she|his|her|him|that|this|those|these|there|what about|how about|and)\b/i

/** The words an answer should hold. */
export function askedWords({ question, before }: AskedWordsRequest): AskedWord[] {
  const own = subjects(question)
  const borrows = PRONOUN.test(question) ? own.length <= 3 : own.length === 0 && isElliptical(question)
  const borrowed = before !== undefined && borrows ? subjects(subjectOf(before)) : []
  const known = new Set(own.map(term => term.key))
  const optional = new Set(borrowed.filter(term => own.length > 0 && !known.has(term.key)).map(term => term.key))
  const mentions = labelMentions(question)
  return queryTerms([...own, ...borrowed]).map(term => ({
    ...term,
    importance: importance(term, question),
    optional: optional.has(term.key),
    labels: mentions.find(({ words }) => words.includes(term.word.toLowerCase()))?.labels ?? [],
  }))
}

/** Lacks a verb of its own, as "why?" and "how come?" do; "what do you see?" is complete. */
function isElliptical(question: string): boolean {
  return termsOf(question).every(term => (term.pos !== 'VERB' && term.pos !== 'AUX') || isFollowUpVerb(term.key))
}

/** The part of a question that names its subject: a time is none, nor is a question about the whole. */
function subjectOf(question: string): string {
  const intent = intentOf(question)
  if (intent.kind === 'fact') return intent.text
  return intent.kind === 'objects' ? intent.words.join(' ') : ''
}

function subjects(question: string): Term[] {
  return termsOf(question).filter(
    term => term.content && !isVideoWord(term.key) && !isSpeechWord(term.key) && !isOverviewWord(term.key),
  )
}

/** Names and subjects must be there; a common verb or the kind of thing asked for need not. */
function importance(term: QueryTerm, question: string): number {
  const word = literal(term.word)
  if (new RegExp(`\\bhow ${word}\\b`, 'i').test(question) || isKindWord(term.key)) return 0.3
  if (new RegExp(`\\b(?:what|which) ${word}\\b`, 'i').test(question)) return 0.5
  switch (term.pos) {
    case 'PROPN':
      return 1.3
    case 'NOUN':
    case 'NUM':
      return 1
    case 'VERB':
      return isLightVerb(term.key) ? 0.25 : 0.6
    case 'ADJ':
      return 0.6
    default:
      return 0.4
  }
}

const literal = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
