import type { Term } from '../../text/terms.js'

/** A noun phrase of a text. */
export interface Phrase {
  /** As it stands in the sentence, with "of" or "and" between two runs. */
  readonly words: readonly Term[]
  /** Keys of its nouns. */
  readonly keys: readonly string[]
  /** Index of the sentence it is first said in. */
  readonly sentence: number
  readonly times: number
}

const NAMING = new Set(['NOUN', 'PROPN'])
const LONGEST_RUN = 3
/** Words that two runs of one phrase may have between them. */
const JOINTS = new Set(['of', 'and'])
const ARTICLES = new Set(['the', 'a', 'an', 'our', 'your', 'its', 'their'])
/** Nouns that talk about the talk, or count its parts. */
const ABOUT_THE_TALK = new Set(
  `talk lecture lesson course video episode channel class presentation chapter section part topic subject point thing kind type
  sort way word question example minute moment second hour day week month year morning evening afternoon today tomorrow
  time times number one lot bit welcome hello thanks everyone everybody people step end beginning start look name matter hand good alright
  great gram grams kilo kilos metre metres meter meters inch inches percent euro euros dollar dollars minutes hours days weeks
  months years half degree kilometre kilometer litre liter mile pound other others person plenty
  january february march april may june july august september october november december
  monday tuesday wednesday thursday friday saturday sunday`.split(/\s+/),
)

/** The noun phrases of some sentences, each different one once. */
export function nounPhrases(sentences: readonly (readonly Term[])[]): Phrase[] {
  const phrases = new Map<string, Phrase>()
  for (const [sentence, terms] of sentences.entries())
    for (const words of phrasesOf(terms)) {
      const key = phraseKey(words)
      const known = phrases.get(key)
      const keys = words.filter(word => NAMING.has(word.pos)).map(word => word.key)
      phrases.set(key, known ? { ...known, times: known.times + 1 } : { words, keys, sentence, times: 1 })
    }
  return [...phrases.values()]
}

/** The same for all forms of a phrase. */
export function phraseKey(words: readonly Term[]): string {
  return words.map(word => word.key).join(' ')
}

/** A phrase in lower case, with the capitals of names. */
export function writtenPhrase(words: readonly Term[]): string {
  return words.map((word, at) => (isName(word, words[at + 1]) ? word.text : word.lower)).join(' ')
}

/** Whether a word is a name: the first of a sentence is if the next one is. */
function isName({ pos, sentenceStart }: Term, next: Term | undefined): boolean {
  return pos === 'PROPN' && (!sentenceStart || (next !== undefined && next.pos === 'PROPN' && next.text !== next.lower))
}

/** Whether a phrase is a name: all its nouns are. */
export function isNamePhrase(words: readonly Term[]): boolean {
  return words.every((word, at) => !NAMING.has(word.pos) || (word.text !== word.lower && isName(word, words[at + 1])))
}

/** Whether its words are all nouns, as those of "emergency exit" are. */
export function isCompound(words: readonly Term[]): boolean {
  return words.every(word => NAMING.has(word.pos))
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
    const isFit = fits(term) && !isVerb(term, before, terms[at + 1])
    if (!isFit || !before || !follows(term, before) || endsPhrase(before)) {
      close(at)
      from = isFit ? at : at + 1
    }
  }
  close(terms.length)
  return runs
}

/** Whether a word stands right behind another, with a space between. */
function follows(term: Term, before: Term): boolean {
  return term.offset === before.offset + before.text.length + 1
}

/** What stands behind a verb, and hardly ever behind a plural. */
const AFTER_VERB = new Set(['DET', 'PRON', 'NUM', 'ADV', 'PART', 'NOUN'])
const ENDS_IN_S = /[^aious]s$/
/** Verbs without an object, which are often tagged as the plural of a noun. */
const VERBS = new Set(
  `rises falls lies flows stands sits lives comes goes begins starts stops ends runs grows works travels moves leaves looks makes
  takes gives helps happens means needs says tells shows turns stays keeps holds`.split(/\s+/),
)
/** Plurals that stand before a noun. */
const PLURAL_MODIFIERS = new Set('sports sales savings graphics arts goods systems operations news'.split(' '))

/** Whether a word tagged as a noun is the verb of the noun before it: "spoils" in "a mount spoils the optics". */
export function isVerb(term: Term, before: Term | undefined, after: Term | undefined): boolean {
  if (before === undefined || !isNoun(before) || !follows(term, before)) return false
  if (VERBS.has(term.lower)) return true
  return (
    after !== undefined &&
    follows(after, term) &&
    ENDS_IN_S.test(term.lower) &&
    !PLURAL_MODIFIERS.has(term.lower) &&
    AFTER_VERB.has(after.pos)
  )
}

/** Whether no noun belongs behind this one: a common noun in the plural, or a verb tagged as a noun. */
function endsPhrase({ pos, lower, sentenceStart }: Term): boolean {
  return (pos === 'NOUN' || (pos === 'PROPN' && sentenceStart)) && ENDS_IN_S.test(lower) && !PLURAL_MODIFIERS.has(lower)
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
