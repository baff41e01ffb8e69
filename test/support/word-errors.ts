/** Word error rate of a transcript: edits per word of the truth, case and punctuation left out. */
export function wordErrorRate(truth: string, heard: string): number {
  const [wanted, got] = [words(truth), words(heard)]
  let row = Array.from({ length: got.length + 1 }, (_, column) => column)
  for (const [index, word] of wanted.entries()) {
    const next = [index + 1]
    for (const [column, other] of got.entries()) {
      const change = (row[column] ?? 0) + (word === other ? 0 : 1)
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return (row.at(-1) ?? 0) / wanted.length
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[^a-z' ]+/g, ' ')
    .split(/\s+/)
    .filter(Boolean)
}
