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

/** Levenshtein distance, one row at a time. */
function editDistance(from: readonly string[], to: readonly string[]): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, word] of from.entries()) {
    const next = [i + 1]
    for (const [j, other] of to.entries()) {
      const replaced = at(row, j) + (word === other ? 0 : 1)
      next.push(Math.min(replaced, at(row, j + 1) + 1, at(next, j) + 1))
    }
    row = next
  }
  return at(row, to.length)
}

function at(row: readonly number[], index: number): number {
  const value = row[index]
  if (value === undefined) throw new RangeError(`row of ${row.length} has no cell ${index}`)
  return value
}
