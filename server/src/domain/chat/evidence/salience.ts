import type { WeighedTerm } from '../../search/weigh.js'
import type { Term } from '../../text/terms.js'
import { isKindWord, isLightVerb } from '../vocabulary.js'

/** A word of a question with how much an answer must hold it. */
export interface AskedTerm extends WeighedTerm {
  readonly weight: number
  /** Taken over from the question before: raises what holds it, but need not be found. */
  readonly optional: boolean
}

/** The words of a sentence and of those around it. */
export interface Surroundings {
  readonly at: readonly Term[]
  /** The one before, and the one before that. */
  readonly before?: readonly (readonly Term[])[]
  readonly after?: readonly Term[]
  /** Title of the video, and of the chapter with its keywords. */
  readonly title?: readonly Term[]
}

/** What a word counts for when a neighbour has it: talk goes on about what was just named. */
const CONTEXT = { before: [0.65, 0.4], after: 0.35, title: 0.6 }
const OPTIONAL_BONUS = 0.15

/** Names and subjects must be there; a common verb or the kind of thing asked for need not. */
export function salience(
  term: WeighedTerm,
  { question, optional }: { readonly question: string; readonly optional: boolean },
): AskedTerm {
  return { ...term, optional, weight: importance(term, question) * (0.5 + 0.5 * term.idf) }
}

function importance(term: WeighedTerm, question: string): number {
  if (new RegExp(`\\bhow ${literal(term.word)}\\b`, 'i').test(question)) return 0.3
  if (isKindWord(term.key)) return 0.3
  if (new RegExp(`\\b(?:what|which) ${literal(term.word)}\\b`, 'i').test(question)) return 0.5
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

/** Share of the question's weight that a sentence holds, with what its neighbours lend it. */
export function coverageOf(
  terms: readonly AskedTerm[],
  { at, before = [], after = [], title = [] }: Surroundings,
): number {
  const total = terms.reduce((sum, term) => sum + (term.optional ? 0 : term.weight), 0)
  if (total === 0) return 0
  let covered = 0
  let own = 0
  for (const term of terms) {
    const here = match(term, at)
    const lent = Math.max(
      ...CONTEXT.before.map((share, place) => share * match(term, before[place] ?? [])),
      CONTEXT.after * match(term, after),
      CONTEXT.title * match(term, title),
    )
    const found = Math.max(here, lent)
    if (term.optional) covered += OPTIONAL_BONUS * found * Math.min(term.weight, total)
    else covered += term.weight * found
    own += here * term.weight
  }
  return own === 0 ? 0 : Math.min(1, covered / total)
}

/** 1 for the word in any form, less for a near synonym, 0 when it is not there. */
function match(term: AskedTerm, words: readonly Term[]): number {
  return words.reduce((best, word) => Math.max(best, term.keys.get(word.key) ?? 0), 0)
}

const literal = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
