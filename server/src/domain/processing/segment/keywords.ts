import { LIMITS } from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
import type { Term } from '../../text/terms.js'

/** How much each word stands out in one chapter against the rest of the video. */
export type Salience = ReadonlyMap<string, number>

const NAMING = new Set(['NOUN', 'PROPN'])

/** Salience of the content words of each chapter, which are given by their keys with repeats: frequency times the log of how much more often it is said here than elsewhere. */
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

/** The words that tell most about a chapter, best first, each in the form it is most often said in. */
export function keywordsOf(terms: readonly Term[], salience: Salience, limit = 8): string[] {
  const forms = new Map<string, Map<string, number>>()
  for (const term of terms) {
    if (!term.content || term.kind !== 'word' || !NAMING.has(term.pos) || term.text.length < 3) continue
    const written = term.pos === 'PROPN' && !term.sentenceStart ? term.text : term.lower
    const known = forms.get(term.key) ?? new Map<string, number>()
    forms.set(term.key, known.set(written, (known.get(written) ?? 0) + 1))
  }
  return [...forms]
    .map(([key, written]) => ({ score: salience.get(key) ?? 0, word: mostOften(written) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ word }) => cut(word, LIMITS.labelLength))
}

function count(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((all, n) => all + n, 0)

function mostOften(written: ReadonlyMap<string, number>): string {
  return [...written].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}
