import { editDistance } from '../lib/edit-distance.js'

/**
 * Word error rate: the least number of words to insert, delete or replace to turn the reference into the hypothesis,
 * divided by the words of the reference. Case, punctuation and hyphens do not count. 0 is perfect; it can pass 1.
 */
export function wordErrorRate(reference: string, hypothesis: string): number {
  const spoken = words(reference)
  if (spoken.length === 0) throw new RangeError('reference: it has no word, so no error rate is defined')
  return editDistance(spoken, words(hypothesis)) / spoken.length
}

function words(text: string): string[] {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Pd}/gu, ' ')
    .replace(/[^\p{L}\p{M}\p{N}\s]/gu, '')
  return plain.split(/\s+/u).filter(word => word !== '')
}
