/** Levenshtein distance of two sequences, one row at a time. */
export function editDistance(from: readonly string[], to: readonly string[]): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, item] of from.entries()) {
    const next = [i + 1]
    for (const [j, other] of to.entries()) {
      const replaced = at(row, j) + (item === other ? 0 : 1)
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
