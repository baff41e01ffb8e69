import { contentKeys } from '../../text/terms.js'

/** How much of what all the sentences say each of them says; long ones are held back. */
export function centralities(sentences: readonly string[]): number[] {
  const counts = new Map<string, number>()
  const keyed = sentences.map(sentence => new Set(contentKeys(sentence)))
  for (const keys of keyed) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return keyed.map(keys => [...keys].reduce((sum, key) => sum + (counts.get(key) ?? 0), 0) / Math.sqrt(keys.size + 4))
}
