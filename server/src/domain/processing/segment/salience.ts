/** How much each word stands out in one chapter against the rest of the video. */
export type Salience = ReadonlyMap<string, number>

/**
 * Salience of the content words of each chapter, which are given by their keys with repeats: the frequency of a word
 * times the log of how much more often it is said here than elsewhere.
 */
export function salienceOf(chapters: readonly (readonly string[])[]): Salience[] {
  const counts = chapters.map(count)
  const sizes = counts.map(sum)
  const total = sizes.reduce((all, size) => all + size, 0)
  const overall = new Map<string, number>()
  for (const chapter of counts) for (const [key, n] of chapter) overall.set(key, (overall.get(key) ?? 0) + n)
  return counts.map((chapter, at) => {
    const size = sizes[at] ?? 0
    const salience = new Map<string, number>()
    for (const [key, n] of chapter) {
      const elsewhere = (overall.get(key) ?? 0) - n
      const ratio = (n + 0.5) / (size + 1) / ((elsewhere + 0.5) / (total - size + 1))
      salience.set(key, n * Math.max(0.1, Math.log(1 + ratio)))
    }
    return salience
  })
}

function count(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((all, n) => all + n, 0)
