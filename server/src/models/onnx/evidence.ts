import type { Confidence, Word } from '@cuewire/protocol'

/** Words in a row that count as copied when they were said before in the same span. */
const COPY_WORDS = 3

/**
 * How sure a model is of the words it did not copy: their mean confidence, 0 if there are none. A model that is lost
 * repeats its own output with growing confidence, so words that only repeat earlier ones of the span prove nothing.
 */
export function evidenceOf(words: readonly Pick<Word, 'text' | 'confidence'>[]): Confidence {
  const plain = words.map(({ text }) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
  const seen = new Set<string>()
  const copied = new Set<number>()
  for (let end = COPY_WORDS; end <= plain.length; end += 1) {
    const phrase = plain.slice(end - COPY_WORDS, end).join(' ')
    if (seen.has(phrase)) for (let at = end - COPY_WORDS; at < end; at += 1) copied.add(at)
    seen.add(phrase)
  }
  const first = words.filter((_, at) => !copied.has(at))
  return first.length === 0 ? 0 : first.reduce((sum, { confidence }) => sum + confidence, 0) / first.length
}
