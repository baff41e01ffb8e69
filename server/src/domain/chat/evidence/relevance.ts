import type { WeighedTerm } from '../../search/weigh.js'
import { type Term, termsOf } from '../../text/terms.js'
import { expectationOf, satisfies } from '../expectation.js'

/** A word of a question with how much an answer must hold it in these videos. */
export interface AskedTerm extends Pick<WeighedTerm, 'keys'> {
  readonly weight: number
  /** Taken over from the question before: raises what holds it, but need not be found. */
  readonly optional: boolean
}

/** A sentence and what is said around it. */
export interface Surroundings {
  readonly at: string
  /** The one before, and the one before that. */
  readonly before?: readonly string[]
  readonly after?: string
  /** Title of the video, and of the chapter with its keywords. */
  readonly title?: string
}

export interface RelevanceRequest {
  readonly question: string
  readonly terms: readonly AskedTerm[]
  readonly sentences: readonly Surroundings[]
}

/** What a word counts for when a neighbour has it: talk goes on about what was just named. */
const CONTEXT = { before: [0.65, 0.4], after: 0.35, title: 0.6 }
const OPTIONAL_BONUS = 0.15
/** A sentence without the kind of word the question asks for counts for less. */
const UNFIT = 0.8

/** Share of the question's weight that each text holds by itself. */
export function coverages(terms: readonly AskedTerm[], texts: readonly string[]): number[] {
  return texts.map(text => coverageOf(terms, { at: termsOf(text) }))
}

/** The same with what its neighbours lend each sentence; less where it does not hold what is asked for. */
export function relevances({ question, terms, sentences }: RelevanceRequest): number[] {
  const expectation = expectationOf(question)
  const asked = new Set(terms.flatMap(term => [...term.keys.keys()]))
  return sentences.map(({ at, before = [], after = '', title = '' }) => {
    const own = termsOf(at)
    const covered = coverageOf(terms, {
      at: own,
      before: before.map(termsOf),
      after: termsOf(after),
      title: termsOf(title),
    })
    return covered * (satisfies(expectation, at, own, asked) ? 1 : UNFIT)
  })
}

interface ReadSurroundings {
  readonly at: readonly Term[]
  readonly before?: readonly (readonly Term[])[]
  readonly after?: readonly Term[]
  readonly title?: readonly Term[]
}

function coverageOf(
  terms: readonly AskedTerm[],
  { at, before = [], after = [], title = [] }: ReadSurroundings,
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
