import { type Form, formsOf } from '../text/forms.js'
import { type Term, termsOf } from '../text/terms.js'
import { labelMentions } from './labels.js'

/** A word of the query to be found, in any of its forms. */
export interface QueryTerm {
  /** As the user wrote it. */
  readonly word: string
  readonly key: string
  readonly pos: string
  readonly forms: readonly Form[]
}

export interface Query {
  readonly terms: readonly QueryTerm[]
  /** Label -> the words of the query that name it. */
  readonly labels: ReadonlyMap<string, readonly string[]>
}

/** Longest list of terms a query may have; the rest is passed over. */
const MAX_TERMS = 24

/** Reads what is to be found from a query in words: content terms, or all of them when there are only function words. */
export function parseQuery(text: string): Query {
  const words = termsOf(text)
  const content = words.filter(word => word.content)
  const labels = new Map<string, readonly string[]>()
  for (const mention of labelMentions(text)) for (const label of mention.labels) labels.set(label, mention.words)
  return { terms: queryTerms(content.length > 0 ? content : words), labels }
}

/** Each different word once, with all its forms. */
export function queryTerms(words: readonly Term[]): QueryTerm[] {
  const terms = new Map<string, QueryTerm>()
  for (const { text, key, pos, lower } of words)
    if (!terms.has(key)) terms.set(key, { word: text, key, pos, forms: formsOf(lower) })
  return [...terms.values()].slice(0, MAX_TERMS)
}
