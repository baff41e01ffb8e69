import { type Keyword, LIMITS, type TimeRange } from '@cuewire/protocol'
import { cut } from '../../../lib/text.js'
import type { Term } from '../../text/terms.js'
import { isCompound, isNamePhrase, nounPhrases, type Phrase, phraseKey, writtenPhrase } from './phrases.js'
import type { Salience } from './salience.js'

const MOST_OF_CHAPTER = 8
const MOST_OF_VIDEO = 20
/** Keywords of the video that may be common nouns said once. */
const LEAST_OF_VIDEO = 5
/** Gain for each further word of a phrase, and for a name. */
const DETAIL_GAIN = 0.35
const NAME_GAIN = 1.2
/** Gain of the first sentence of a chapter, which falls off with the ones after it. */
const OPENING_GAIN = 0.5

/** A term to choose from: the keys of its nouns, and how well it describes the text. */
interface Candidate {
  readonly words: readonly Term[]
  readonly keys: readonly string[]
  readonly score: number
}

/**
 * The terms that set a chapter apart from the others, best first: nouns, names, and noun phrases that are said more
 * than once. They are weighted by the salience of their words and by how early they are said.
 */
export function chapterKeywords(sentences: readonly (readonly Term[])[], salience: Salience): string[] {
  const candidates = nounPhrases(sentences)
    .filter(isTerm)
    .map(({ words, keys, sentence, times }) => {
      const told = keys.reduce((sum, key) => sum + (salience.get(key) ?? 0), 0) / keys.length
      const score = told * detailOf(words) * Math.sqrt(times) * (1 + OPENING_GAIN / (1 + sentence))
      return { words, keys, score }
    })
  return distinct(candidates, MOST_OF_CHAPTER).map(({ words }) => cut(writtenPhrase(words), LIMITS.labelLength))
}

/** A sentence, or a line on the screen, with the time at which it is said or shown. */
export interface TimedTerms extends TimeRange {
  readonly terms: readonly Term[]
}

interface VideoTerm {
  readonly words: readonly Term[]
  readonly keys: readonly string[]
  readonly times: number
  /** Chapters that have it. */
  readonly chapters: number
  /** Whether it is in the first sentence of a chapter. */
  readonly opens: boolean
  readonly first: TimeRange
}

/**
 * The terms of the whole video, best first. A term counts by the root of its frequency, by its length and by the log of
 * the number of chapters that have it, since what a video is about recurs, and more if it opens a chapter. `chapters` are
 * the sentences of each chapter.
 */
export function videoKeywords(chapters: Iterable<readonly TimedTerms[]>): Keyword[] {
  const found = new Map<string, VideoTerm>()
  for (const sentences of chapters)
    for (const { words, keys, sentence, times } of nounPhrases(sentences.map(({ terms }) => terms)).filter(isTerm)) {
      const key = phraseKey(words)
      const known = found.get(key)
      const { start, end } = known?.first ?? sentences[sentence] ?? { start: 0, end: 0 }
      found.set(key, {
        words: known?.words ?? words,
        keys,
        times: times + (known?.times ?? 0),
        chapters: 1 + (known?.chapters ?? 0),
        opens: sentence === 0 || (known?.opens ?? false),
        first: { start, end },
      })
    }
  const candidates = [...found.values()].map(term => ({
    ...term,
    score:
      detailOf(term.words) *
      Math.sqrt(term.times) *
      (1 + Math.log2(term.chapters)) *
      (term.opens ? 1 + OPENING_GAIN : 1),
  }))
  const chosen = distinct(candidates, MOST_OF_VIDEO).filter(
    ({ words, times }, at) => at < LEAST_OF_VIDEO || times > 1 || words.length > 1 || isNamePhrase(words),
  )
  const best = chosen[0]?.score ?? 1
  return chosen.map(({ words, times, first, score }, index) => ({
    index,
    text: cut(writtenPhrase(words), LIMITS.labelLength),
    weight: Math.round((score / best) * 1000) / 1000,
    times,
    ...first,
  }))
}

/** Whether a phrase is a term. An adjective or a joint belongs to one only if the phrase is said again. */
function isTerm({ words, times }: Phrase): boolean {
  return words.length === 1 || times > 1 || isCompound(words)
}

function detailOf(words: readonly Term[]): number {
  return (1 + DETAIL_GAIN * (words.length - 1)) * (isNamePhrase(words) ? NAME_GAIN : 1)
}

/** The best candidates, none of which is a part of another. */
function distinct<C extends Candidate>(candidates: readonly C[], limit: number): C[] {
  const chosen: C[] = []
  for (const candidate of [...candidates].sort((a, b) => b.score - a.score)) {
    if (chosen.length === limit) break
    if (!chosen.some(({ keys }) => isWithin(keys, candidate.keys) || isWithin(candidate.keys, keys)))
      chosen.push(candidate)
  }
  return chosen
}

const isWithin = (keys: readonly string[], others: readonly string[]) => keys.every(key => others.includes(key))
