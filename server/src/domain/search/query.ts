import { type Form, formsOf, keyOf } from '../text/forms.js'
import { type Term, termsOf } from '../text/terms.js'
import { labelMentions } from './labels.js'

/** A query word to find, in any of its forms. */
export interface QueryTerm {
  /** As the user wrote it. */
  readonly word: string
  readonly key: string
  readonly pos: string
  readonly forms: readonly Form[]
  /** Key of each form, with its weight. */
  readonly keys: ReadonlyMap<string, number>
}

export interface Query {
  readonly terms: readonly QueryTerm[]
  /** Label -> the words of the query that name it. */
  readonly labels: ReadonlyMap<string, readonly string[]>
}

/** Most terms of a query; the rest is ignored. */
const MAX_TERMS = 24

/** Extracts the terms of a query: its content words, or all words if there are only function words. */
export function readQuery(text: string): Query {
  const words = termsOf(text)
  const content = words.filter(word => word.content)
  const labels = new Map<string, readonly string[]>()
  for (const mention of labelMentions(text)) for (const label of mention.labels) labels.set(label, mention.words)
  return { terms: queryTerms(content.length > 0 ? content : words), labels }
}

/** Each different word once, with all its forms. */
export function queryTerms(words: readonly Term[]): QueryTerm[] {
  const first = new Map<string, Term>()
  for (const word of words) if (!first.has(word.key)) first.set(word.key, word)
  return [...first.values()].slice(0, MAX_TERMS).map(({ text, key, pos, lower, run }) => {
    // The index holds long words whole.
    const forms = [...formsOf(lower), ...(run === undefined ? [] : [{ word: run, weight: 1 }])]
    return { word: text, key, pos, forms, keys: keysOf(forms) }
  })
}

/** The words of a query that each text has, in any form. */
export function matchedWords(texts: readonly string[], terms: readonly Pick<QueryTerm, 'word' | 'keys'>[]): string[][] {
  return texts.map(text => {
    const found = new Set(termsOf(text).map(term => term.key))
    return terms.filter(term => [...term.keys.keys()].some(key => found.has(key))).map(term => term.word)
  })
}

function keysOf(forms: readonly Form[]): Map<string, number> {
  const keys = new Map<string, number>()
  for (const form of forms) {
    const key = keyOf(form.word)
    keys.set(key, Math.max(keys.get(key) ?? 0, form.weight))
  }
  return keys
}
