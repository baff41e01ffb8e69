import { LIMITS } from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
import type { Term } from '../../text/terms.js'
import type { Salience } from './keywords.js'

interface Phrase {
  /** As it stands in the sentence, with "of" or "and" between two runs. */
  readonly words: readonly Term[]
  /** Keys of its nouns. */
  readonly keys: readonly string[]
  /** Sentence of the chapter it is first said in. */
  readonly sentence: number
  readonly times: number
}

const NAMING = new Set(['NOUN', 'PROPN'])
const LONGEST_RUN = 3
/** Words that two runs of one phrase may have between them. */
const JOINTS = new Set(['of', 'and'])
const ARTICLES = new Set(['the', 'a', 'an', 'our', 'your', 'its', 'their'])
/** The name of a chapter is mostly said in its first sentence. */
const OPENING_GAINS = [2.5, 1.4]
/** Nouns that talk about the talk, or count its parts. */
const ABOUT_THE_TALK = new Set(
  `talk lecture lesson course video episode channel class presentation chapter section part topic subject point thing kind type
  sort way word question example minute moment second hour day week month year morning evening afternoon today tomorrow
  time times number one lot bit welcome hello thanks everyone everybody people step end beginning start look name matter hand good alright
  great gram grams kilo kilos metre metres meter meters inch inches percent euro euros dollar dollars minutes hours days weeks
  months years half`.split(/\s+/),
)

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
  const titles = phrases.map(phrase => headline(fullest(phrase, phrases)))
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

/** The phrases of a chapter, each different one once. */
function nounPhrases(sentences: readonly (readonly Term[])[]): Phrase[] {
  const phrases = new Map<string, Phrase>()
  for (const [sentence, terms] of sentences.entries())
    for (const words of phrasesOf(terms)) {
      const key = words.map(word => word.key).join(' ')
      const known = phrases.get(key)
      const keys = words.filter(word => NAMING.has(word.pos)).map(word => word.key)
      phrases.set(key, known ? { ...known, times: known.times + 1 } : { words, keys, sentence, times: 1 })
    }
  return [...phrases.values()]
}

/** Runs of adjectives and nouns that end in a noun, their ends, and two of them with "of" or "and" between. */
function phrasesOf(terms: readonly Term[]): (readonly Term[])[] {
  const runs = runsOf(terms)
  const found: (readonly Term[])[] = []
  for (const [at, run] of runs.entries()) {
    const words = terms.slice(run.from, run.to)
    for (let from = 0; from < words.length; from += 1) found.push(words.slice(from))
    const next = runs[at + 1]
    if (next && isJoint(terms.slice(run.to, next.from), terms[run.to - 1])) found.push(terms.slice(run.from, next.to))
  }
  return found
}

/** Whether these words join the run that ends with `last` to the one that follows. */
function isJoint(between: readonly Term[], last: Term | undefined): boolean {
  const [joint, article, ...rest] = between
  if (!joint || !last || rest.length > 0 || !JOINTS.has(joint.lower)) return false
  if (article && (joint.lower === 'and' || !ARTICLES.has(article.lower))) return false
  return joint.offset === last.offset + last.text.length + 1
}

interface Run {
  readonly from: number
  readonly to: number
}

function runsOf(terms: readonly Term[]): Run[] {
  const runs: Run[] = []
  let from = 0
  const close = (to: number) => {
    let end = to
    while (end > from && !isNoun(terms[end - 1])) end -= 1
    if (end > from) runs.push({ from: Math.max(from, end - LONGEST_RUN), to: end })
  }
  for (const [at, term] of terms.entries()) {
    const before = terms[at - 1]
    const follows = before !== undefined && term.offset === before.offset + before.text.length + 1
    if (!follows || !fits(term)) {
      close(at)
      from = fits(term) ? at : at + 1
    }
  }
  close(terms.length)
  return runs
}

function fits(term: Term): boolean {
  return isNoun(term) || (isTelling(term) && term.pos === 'ADJ')
}

function isNoun(term: Term | undefined): boolean {
  return (
    term !== undefined &&
    isTelling(term) &&
    NAMING.has(term.pos) &&
    ![term.lower, term.lower.replace(/s$/, '')].some(word => ABOUT_THE_TALK.has(word))
  )
}

function isTelling({ kind, content, text }: Term): boolean {
  return kind === 'word' && content && /^[\p{L}\p{N}'-]{3,}$/u.test(text)
}

/** Sentence case: the first letter and names are capitalised. */
function headline({ words }: Phrase): string {
  const written = words.map(word => (word.pos === 'PROPN' && !word.sentenceStart ? word.text : word.lower)).join(' ')
  return cut(written.charAt(0).toUpperCase() + written.slice(1), LIMITS.titleLength)
}
