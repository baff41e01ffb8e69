import type { Id } from '@cuewire/protocol'
import type { SearchIndex } from '../../storage/store.js'
import { keyOf } from '../text/forms.js'
import type { QueryTerm } from './query.js'

/** A query term with how much it tells: rare words weigh more, and one that never occurs weighs most. */
export interface WeighedTerm extends QueryTerm {
  /** Inverse document frequency, scaled to 0..1 by that of a word that never occurs. */
  readonly idf: number
  /** It occurs, in some form, in the videos searched. */
  readonly occurs: boolean
  /** Key of each form -> how much finding it counts. */
  readonly keys: ReadonlyMap<string, number>
}

/** Weighs the terms by how often their forms occur in these videos (all, without `videoIds`). */
export async function weigh(
  index: SearchIndex,
  terms: readonly QueryTerm[],
  videoIds?: readonly Id[],
): Promise<WeighedTerm[]> {
  const forms = [...new Set(terms.flatMap(term => term.forms.map(form => form.word)))]
  const { rows, of } = await index.frequencies(forms, videoIds)
  const most = inverseFrequency(rows, 0)
  return terms.map(term => {
    const exact = term.forms.filter(form => form.weight === 1)
    const count = Math.max(0, ...exact.map(form => of.get(form.word) ?? 0))
    return {
      ...term,
      idf: most > 0 ? inverseFrequency(rows, count) / most : 1,
      occurs: term.forms.some(form => (of.get(form.word) ?? 0) > 0),
      keys: keysOf(term),
    }
  })
}

/** The form of BM25 (Robertson and Sparck Jones) that never falls below zero. */
function inverseFrequency(rows: number, count: number): number {
  return Math.log(1 + (rows - Math.min(count, rows) + 0.5) / (count + 0.5))
}

function keysOf(term: QueryTerm): Map<string, number> {
  const keys = new Map<string, number>()
  for (const form of term.forms) {
    const key = keyOf(form.word)
    keys.set(key, Math.max(keys.get(key) ?? 0, form.weight))
  }
  return keys
}
