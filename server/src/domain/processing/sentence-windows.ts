import type { Seconds } from '@cuewire/protocol'

interface Sentence {
  readonly start: Seconds
  readonly end: Seconds
  readonly text: string
}

/** Neighbouring sentences that are encoded together. */
export interface SentenceWindow extends Sentence {
  /** Index of the first sentence. */
  readonly position: number
}

/** A short sentence says little without those after it: a window has at least so many words, where they follow soon. */
const LEAST_WORDS = 8
const MAX_SENTENCES = 4
/** What is said after a longer pause is another matter. */
const MAX_PAUSE: Seconds = 4

/** A window for each sentence: the sentence, and as many of those that follow as it takes to say something. */
export function sentenceWindows(sentences: readonly Sentence[]): SentenceWindow[] {
  return sentences.map((first, position) => {
    const window = [first]
    let words = countWords(first.text)
    for (const next of sentences.slice(position + 1, position + MAX_SENTENCES)) {
      const last = window.at(-1) ?? first
      if (words >= LEAST_WORDS || next.start - last.end > MAX_PAUSE) break
      window.push(next)
      words += countWords(next.text)
    }
    const { end } = window.at(-1) ?? first
    return { position, start: first.start, end, text: window.map(({ text }) => text).join(' ') }
  })
}

function countWords(text: string): number {
  return text.split(/\s+/).length
}
