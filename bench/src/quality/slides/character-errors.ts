/**
 * Character error rate: the least number of characters to insert, delete or replace to turn the reference into the
 * hypothesis, divided by the characters of the reference. Case, punctuation and single spaces count; runs of spaces
 * are one.
 */
export function characterErrorRate(reference: string, hypothesis: string): number {
  const [written, read] = [reference, hypothesis].map(text => [...text.replace(/\s+/g, ' ').trim()])
  if (!written || !read || written.length === 0) throw new RangeError('reference: it has no character')
  return editDistance(written, read) / written.length
}

/** Levenshtein distance, one row at a time. */
function editDistance(from: readonly string[], to: readonly string[]): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [at, character] of from.entries()) {
    const next = [at + 1]
    for (const [other, candidate] of to.entries()) {
      const replaced = (row[other] ?? 0) + (character === candidate ? 0 : 1)
      next.push(Math.min(replaced, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
