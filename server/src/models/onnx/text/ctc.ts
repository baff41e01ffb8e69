/** One character of a line, as the model reads it. */
export interface ReadCharacter {
  readonly text: string
  readonly probability: number
}

/**
 * Greedy decoding of connectionist temporal classification (Graves et al., 2006): the best class of each step, repeats
 * joined, blanks (class 0) dropped. `rows` are the probabilities of each step, `classes` to a row; class n is
 * `characters[n - 1]`.
 */
export function decodeCtc(rows: Float32Array, classes: number, characters: readonly string[]): ReadCharacter[] {
  const read: ReadCharacter[] = []
  let former = 0
  for (let step = 0; (step + 1) * classes <= rows.length; step += 1) {
    const { index, probability } = best(rows.subarray(step * classes, (step + 1) * classes))
    const text = characters[index - 1]
    const last = read.at(-1)
    if (index === former && last && probability > last.probability) read[read.length - 1] = { ...last, probability }
    if (index !== former && text !== undefined) read.push({ text, probability })
    former = index
  }
  return read
}

function best(row: Float32Array): { readonly index: number; readonly probability: number } {
  let index = 0
  let probability = row[0] ?? 0
  for (let at = 1; at < row.length; at += 1) {
    const value = row[at] ?? 0
    if (value <= probability) continue
    index = at
    probability = value
  }
  return { index, probability }
}
