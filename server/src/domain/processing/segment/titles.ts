import { LIMITS } from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
import type { Term } from '../../text/terms.js'
import { announcedSubject } from './announced-subject.js'
import { nounPhrases, type Phrase, phraseKey, writtenPhrase } from './phrases.js'
import type { Salience } from './salience.js'

/** The name of a chapter is mostly said in its first sentence, above all as its first words. */
const OPENING_GAINS = [2.5, 1.4]
const SUBJECT_GAIN = 2.5
/** Characters of an article in front of them. */
const ARTICLE = 4

/** A speaker who gives a name, which is no subject. */
const INTRODUCTION = /\b[Mm]y name is\b|\bI(?:'m| am) \p{Lu}/u
/** Sentences at the start of a chapter that may announce its subject. */
const OPENING = 2

/**
 * A heading for a chapter: the subject that its first sentences announce, otherwise the noun phrase that stands out most
 * in it, as it is said there; undefined if there is neither. Phrases of the opening are preferred, and titles that other
 * chapters have are avoided.
 */
export function titleOf(
  sentences: readonly (readonly Term[])[],
  salience: Salience,
  { texts, taken = new Set() }: { readonly texts: readonly string[]; readonly taken?: ReadonlySet<string> },
): string | undefined {
  for (const text of texts.slice(0, OPENING)) {
    const announced = announcedSubject(text)
    if (announced !== undefined && !taken.has(announced)) return announced
  }
  const phrases = nounPhrases(sentences.filter((_, at) => !INTRODUCTION.test(texts[at] ?? '')))
    .map(phrase => ({ phrase, score: scoreOf(phrase, salience) }))
    .sort((a, b) => b.score - a.score)
    .map(({ phrase }) => phrase)
  const titles = phrases.map(phrase => headline(writtenPhrase(fullest(phrase, phrases).words)))
  return titles.find(title => !taken.has(title)) ?? titles[0]
}

/**
 * A heading for chapters that belong together: the noun phrase that most of them share; undefined if no two do. `chapters`
 * are the sentences of each.
 */
export function sectionTitle(
  chapters: readonly (readonly (readonly Term[])[])[],
  salience: Salience,
  taken: ReadonlySet<string>,
): string | undefined {
  const shared = new Map<string, { readonly phrase: Phrase; readonly times: number; readonly chapters: number }>()
  for (const sentences of chapters)
    for (const phrase of nounPhrases(sentences)) {
      const key = phraseKey(phrase.words)
      const known = shared.get(key) ?? { phrase, times: 0, chapters: 0 }
      shared.set(key, { ...known, times: known.times + phrase.times, chapters: known.chapters + 1 })
    }
  return [...shared.values()]
    .filter(phrase => phrase.chapters > 1)
    .map(({ phrase, times, chapters }) => {
      const score = meanSalience(phrase, salience) * (1 + 0.3 * (phrase.words.length - 1)) * Math.sqrt(times) * chapters
      return { title: headline(writtenPhrase(phrase.words)), score }
    })
    .sort((a, b) => b.score - a.score)
    .find(({ title }) => !taken.has(title))?.title
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

/** Mean salience of the nouns of a phrase. */
function meanSalience({ keys }: Phrase, salience: Salience): number {
  return keys.reduce((sum, key) => sum + (salience.get(key) ?? 0), 0) / keys.length
}

function scoreOf(phrase: Phrase, salience: Salience): number {
  const { words, sentence, times } = phrase
  // A longer phrase says more, above all if it is said again, which makes it a name for something.
  const detail = 1 + (times > 1 ? 0.3 : 0.1) * (words.length - 1)
  const isSubject = sentence === 0 && (words[0]?.offset ?? Number.POSITIVE_INFINITY) <= ARTICLE
  const opening = (OPENING_GAINS[sentence] ?? 1) * (isSubject ? SUBJECT_GAIN : 1)
  return meanSalience(phrase, salience) * detail * Math.sqrt(times) * opening
}

/** A title in sentence case. */
function headline(written: string): string {
  return cut(written.charAt(0).toUpperCase() + written.slice(1), LIMITS.titleLength)
}
