import { LIMITS } from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
import type { Term } from '../../text/terms.js'
import { nounPhrases, type Phrase, writtenPhrase } from './phrases.js'
import type { Salience } from './salience.js'

/** The name of a chapter is mostly said in its first sentence. */
const OPENING_GAINS = [2.5, 1.4]

/**
 * A heading for a chapter: the noun phrase that stands out most in it, as it is said there; undefined if there is none.
 * A phrase of the opening is preferred, and titles that other chapters have are avoided.
 */
export function titleOf(
  sentences: readonly (readonly Term[])[],
  salience: Salience,
  taken: ReadonlySet<string> = new Set(),
): string | undefined {
  const phrases = nounPhrases(sentences)
    .map(phrase => ({ phrase, score: scoreOf(phrase, salience) }))
    .sort((a, b) => b.score - a.score)
    .map(({ phrase }) => phrase)
  const titles = phrases.map(phrase => headline(writtenPhrase(fullest(phrase, phrases).words)))
  return titles.find(title => !taken.has(title)) ?? titles[0]
}

/** The phrase as it is first said, if that was in more words: "Bank of England" for "bank". */
function fullest(phrase: Phrase, phrases: readonly Phrase[]): Phrase {
  const fuller = phrases.find(
    ({ words, keys, sentence }) =>
      sentence === phrase.sentence &&
      words.length > phrase.words.length &&
      phrase.keys.every(key => keys.includes(key)),
  )
  return fuller ?? phrase
}

function scoreOf({ words, keys, sentence, times }: Phrase, salience: Salience): number {
  const told = keys.reduce((sum, key) => sum + (salience.get(key) ?? 0), 0) / keys.length
  // A longer phrase says more, above all if it is said again, which makes it a name for something.
  const detail = 1 + (times > 1 ? 0.3 : 0.1) * (words.length - 1)
  return told * detail * Math.sqrt(times) * (OPENING_GAINS[sentence] ?? 1)
}

/** A title in sentence case. */
function headline(written: string): string {
  return cut(written.charAt(0).toUpperCase() + written.slice(1), LIMITS.titleLength)
}
