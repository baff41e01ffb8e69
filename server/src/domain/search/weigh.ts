import type { Id } from '@cuewire/protocol'
import type { SearchIndex } from '../../storage/store.js'
import type { QueryTerm } from './query.js'

/** Weight of a term: rare words weigh more, and one that never occurs weighs most. */
interface Weight {
  /** Inverse document frequency, scaled to 0..1 by the value of a word that never occurs. */
  readonly idf: number
  /** It occurs, in some form, in the videos searched. */
  readonly occurs: boolean
}

export type WeighedTerm = QueryTerm & Weight

/** Weighs the terms by how often their forms occur in these videos (all, without `videoIds`). */
export async function weigh<Term extends QueryTerm>(
  index: SearchIndex,
  terms: readonly Term[],
  videoIds?: readonly Id[],
): Promise<(Term & Weight)[]> {
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
    }
  })
}

/** The form of BM25 (Robertson and Sparck Jones) that never falls below zero. */
function inverseFrequency(rows: number, count: number): number {
  return Math.log(1 + (rows - Math.min(count, rows) + 0.5) / (count + 0.5))
}
